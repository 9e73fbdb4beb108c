import { createHash } from 'node:crypto'
import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { record, text } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'
import { markId, readMark } from './mark.ts'
import type { Mark } from './mark.ts'
import { isFormRefused } from './refusal.ts'
import { objects } from './task-json.ts'

const pageSize = 100

/** A task of the target list that no item of the snapshot has met yet. */
interface Unmet {
  readonly id: string
  /** Hash of what it says. */
  readonly key: string
  readonly mark: Mark | undefined
}

export interface Met {
  readonly id: string
  readonly unfinished: boolean
}

/**
 * The tasks of one target list, listed once. Each that was there before stands for one item of the snapshot: first the
 * task itself, then the one that was restored from it, then one that says the same.
 */
export class ExistingTasks {
  readonly #list: string
  readonly #unmet = new Map<string, Unmet>()
  readonly #bySource = new Map<string, Unmet[]>()
  readonly #byKey = new Map<string, Unmet[]>()
  readonly #known = new Set<string>()

  constructor(list: string) {
    this.#list = list
  }

  async load(mailbox: Mailbox): Promise<void> {
    const marks = await this.#marks(mailbox)
    const $select = 'id,title,body,dueDateTime'
    for await (const page of this.#pages(mailbox, { $select, $top: pageSize })) {
      for (const task of page) {
        const id = text(task, 'id') ?? ''
        this.#add({ id, key: taskKey(task), mark: marks.get(id) })
      }
    }
  }

  /** The task that stands for a stored one. `source`: as in marks. */
  meet(id: string, source: string, properties: JsonObject): Met | undefined {
    const met =
      this.#unmet.get(id) ?? this.#take(this.#bySource.get(source)) ?? this.#take(this.#byKey.get(taskKey(properties)))
    if (met === undefined) return undefined
    this.#unmet.delete(met.id)
    return { id: met.id, unfinished: met.mark?.source === source && met.mark.unfinished }
  }

  #take(tasks: Unmet[] | undefined): Unmet | undefined {
    for (let task = tasks?.shift(); task !== undefined; task = tasks?.shift()) if (this.#unmet.has(task.id)) return task
    return undefined
  }

  #add(task: Unmet): void {
    this.#known.add(task.id)
    this.#unmet.set(task.id, task)
    if (task.mark !== undefined) push(this.#bySource, task.mark.source, task)
    // Half a task says too little to stand for another one.
    if (task.mark?.unfinished !== true) push(this.#byKey, task.key, task)
  }

  created(id: string): void {
    this.#known.add(id)
  }

  /** A task with that mark that nobody knows of: the creation whose answer got lost. */
  async findUnknown(mailbox: Mailbox, source: string): Promise<string | undefined> {
    const marks = await this.#marks(mailbox)
    return [...marks].find(([id, mark]) => mark.source === source && !this.#known.has(id))?.[0]
  }

  async #marks(mailbox: Mailbox): Promise<ReadonlyMap<string, Mark>> {
    const found = new Map<string, Mark>()
    const named = `id eq '${markId}'`
    const query = { $filter: `Extensions/any(f:f/${named})`, $expand: `extensions($filter=${named})`, $top: pageSize }
    try {
      for await (const page of this.#pages(mailbox, query)) {
        for (const task of page) {
          const mark = readMark(objects(task, 'extensions'))
          if (mark !== undefined) found.set(text(task, 'id') ?? '', mark)
        }
      }
    } catch (error) {
      // Then tasks are known again by what they say.
      if (!isFormRefused(error)) throw error
    }
    return found
  }

  async *#pages(
    { client, user, signal }: Mailbox,
    query: Readonly<Record<string, string | number>>,
  ): AsyncGenerator<readonly JsonObject[], void, undefined> {
    const path = graphPath`/users/${user}/todo/lists/${this.#list}/tasks`
    for await (const page of client.pages<JsonObject>(
      { path, query, pool: mailboxPool(user), signal },
      { prefetch: 1 },
    ))
      yield page.value
  }
}

function push(map: Map<string, Unmet[]>, key: string, task: Unmet): void {
  const tasks = map.get(key)
  if (tasks === undefined) map.set(key, [task])
  else tasks.push(task)
}

/** Title, note and due date: what makes two tasks the same to a person. The service may rewrite a note's HTML. */
function taskKey(task: JsonObject): string {
  const body = record(task, 'body') ?? {}
  const content = text(body, 'content') ?? ''
  const note = text(body, 'contentType')?.toLowerCase() === 'html' ? htmlToText(content) : content
  const due = record(task, 'dueDateTime') ?? {}
  const parts = [
    text(task, 'title') ?? '',
    note.replace(/\s+/gu, ' ').trim(),
    (text(due, 'dateTime') ?? '').slice(0, 19),
    text(due, 'timeZone') ?? '',
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64').slice(0, 16)
}
