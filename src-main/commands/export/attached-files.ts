import type { JsonObject } from '../../engine/model/json.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { eventFiles } from '../../graph/calendar/event-parts.ts'
import { filledText } from '../../graph/item/fields.ts'
import { namedFiles } from '../../graph/todo/task-body.ts'
import type { AttachmentLines } from './calendar-lines.ts'
import { textValue, type ContentLine } from './content-lines.ts'
import type { ExportPlace } from './export-place.ts'
import type { ExportItem } from './stored-items.ts'

/** A stored attachment. */
export interface AttachedFile {
  /** The properties of what it belongs to. */
  readonly owner: JsonObject
  readonly attachment: JsonObject
  /** The stored file with its bytes; undefined for what has none. */
  readonly part: string | undefined
}

/** Of an event and of its changed days. */
export function filesOfEvent(event: JsonObject): readonly AttachedFile[] {
  return eventFiles(event).map(({ owner, attachment, fileName }) => ({ owner, attachment, part: fileName }))
}

export function filesOfTask(task: JsonObject): readonly AttachedFile[] {
  return namedFiles(task).map(({ file, part }) => ({ owner: task, attachment: file, part }))
}

export interface AttachmentLimits {
  /** Bytes of an attachment that lies in the file itself. */
  readonly each: number
  /** Bytes of all of them. */
  readonly all: number
}

const MIB = 1 << 20
const LIMITS: AttachmentLimits = { each: MIB, all: 32 * MIB }
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+/i

/**
 * The attachments of one calendar or list: small ones lie in its file, others beside it, in a folder that has its name
 * and "attachments" behind it.
 */
export class AttachmentWriter {
  readonly #place: ExportPlace
  readonly #folders: readonly string[]
  readonly #limits: AttachmentLimits
  readonly #lines = new Map<JsonObject, ContentLine[]>()
  #inside = 0

  /** `folders` lead to the file called `name`. */
  constructor(place: ExportPlace, folders: readonly string[], name: string, limits: AttachmentLimits = LIMITS) {
    this.#place = place
    this.#folders = [...folders, `${name} attachments`]
    this.#limits = limits
  }

  get lines(): AttachmentLines {
    return this.#lines
  }

  /** What is not stored (Graph did not give it) is left out, as it is in a restore; so is what is damaged. */
  async add(item: ExportItem, files: readonly AttachedFile[]): Promise<void> {
    if (files.length === 0) return
    const { failures } = this.#place
    const parts = await failures.tolerate(item.path, item.parts)
    for (const { owner, attachment, part } of files) {
      const stored = parts?.get(part ?? '')
      if (stored === undefined) continue
      const line = await failures.tolerate(item.path, () => this.#line(stored, attachment))
      if (line !== undefined) this.#lines.set(owner, [...(this.#lines.get(owner) ?? []), line])
    }
  }

  async #line(stored: StoredFile, attachment: JsonObject): Promise<ContentLine> {
    const type = MEDIA_TYPE.exec(filledText(attachment, 'contentType') ?? '')?.[0]
    const parameters = { FMTTYPE: type, FILENAME: stored.name }
    const { each, all } = this.#limits
    if (stored.size > each || this.#inside + stored.size > all)
      return { name: 'X-HOLDFAST-ATTACHMENT', parameters, value: textValue(await this.#beside(stored)) }
    const bytes = await stored.bytes(this.#place.signal)
    this.#inside += stored.size
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    return { name: 'ATTACH', parameters: { ...parameters, ENCODING: 'BASE64', VALUE: 'BINARY' }, value }
  }

  /** The path from where the calendar's file is. */
  async #beside(stored: StoredFile): Promise<string> {
    const { target, signal } = this.#place
    const dot = stored.name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [stored.name.slice(0, dot), stored.name.slice(dot)] : [stored.name, '']
    const path = await target.write(this.#folders, stem, extension, async (file) => {
      for await (const part of stored.stream(signal)) await file.append(part)
    })
    return path
      .split('/')
      .slice(this.#folders.length - 1)
      .join('/')
  }
}
