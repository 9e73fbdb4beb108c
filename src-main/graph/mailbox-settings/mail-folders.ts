import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { graphPath } from '../client/graph-url.ts'
import { answerBody } from '../item/batch-answers.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** Folders that rules may lead to, by the names that do not depend on a mailbox's language. */
const anchors = [
  'msgfolderroot',
  'inbox',
  'archive',
  'deleteditems',
  'junkemail',
  'sentitems',
  'drafts',
  'outbox',
  'conversationhistory',
  'clutter',
] as const

/** Levels of folders that are followed upwards; a mailbox allows 300. */
const mostLevels = 300

/** Where a folder is, in words that mean something in another mailbox too. */
export interface FolderPlace {
  /** Graph id in the mailbox that it was read from. */
  readonly id: string
  /** Well-known name of the nearest folder above that has one, or of the folder itself; undefined if it was not found. */
  readonly anchor: string | undefined
  /** What that one is called in its mailbox; empty for the mailbox itself. */
  readonly anchorName: string
  /** Names of the folders from there down to this one. */
  readonly names: readonly string[]
}

interface NamedFolder {
  readonly name: string
  readonly displayName: string
}

/** Tells for the folder ids in rules where those folders are. Knows one mailbox, and keeps what it found out. */
export class FolderPlaces {
  #anchors: Promise<ReadonlyMap<string, NamedFolder>> | undefined

  async place(mailbox: Mailbox, id: string): Promise<FolderPlace> {
    this.#anchors ??= readAnchors(mailbox)
    const known = await this.#anchors
    const names: string[] = []
    let at: string | undefined = id
    for (let level = 0; at !== undefined && level < mostLevels; level += 1) {
      const anchor = known.get(at)
      if (anchor !== undefined) {
        const anchorName = anchor.name === 'msgfolderroot' ? '' : anchor.displayName
        return { id, anchor: anchor.name, anchorName, names }
      }
      const folder = await readFolder(mailbox, at)
      if (folder === undefined) break
      names.unshift(text(folder, 'displayName') ?? '')
      at = filledText(folder, 'parentFolderId')
    }
    return { id, anchor: undefined, anchorName: '', names }
  }
}

async function readAnchors({ client, user, signal }: Mailbox): Promise<ReadonlyMap<string, NamedFolder>> {
  const members = anchors.map((name) => ({
    path: graphPath`/users/${user}/mailFolders/${name}`,
    query: { $select: 'id,displayName' },
  }))
  const answers = await client.batch(members, { pool: mailboxPool(user), signal })
  const found = anchors.flatMap((name, index) => {
    const answer = answers[index]
    // A mailbox need not have all of them.
    if (answer?.ok === false && isAbsent(answer.error)) return []
    const body = answerBody(answer)
    return [[text(body, 'id') ?? '', { name, displayName: text(body, 'displayName') ?? '' }] as const]
  })
  return new Map(found)
}

/** Not there, not an id of this mailbox, or not for this application. */
function isAbsent(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.not-found') ||
    isEngineError(error, 'graph.request-refused') ||
    isEngineError(error, 'graph.forbidden')
  )
}

async function readFolder({ client, user, signal }: Mailbox, id: string): Promise<JsonObject | undefined> {
  const path = graphPath`/users/${user}/mailFolders/${id}`
  const query = { $select: 'id,displayName,parentFolderId' }
  try {
    return await client.json<JsonObject>({ path, query, pool: mailboxPool(user), signal })
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/**
 * Finds the folder in a mailbox that stands for one of another: itself, where it is the same mailbox; the one at the
 * same place; or the one at that place below the folder into which things are restored.
 */
export class FolderFinder {
  readonly #below: readonly string[]
  readonly #found = new Map<string, Promise<string | undefined>>()

  /** `below`: names of the folder into which mail is restored; none if everything goes where it was. */
  constructor(below: readonly string[]) {
    this.#below = below
  }

  find(mailbox: Mailbox, place: FolderPlace): Promise<string | undefined> {
    const known = this.#found.get(place.id) ?? this.#find(mailbox, place)
    this.#found.set(place.id, known)
    return known
  }

  async #find(mailbox: Mailbox, { id, anchor, anchorName, names }: FolderPlace): Promise<string | undefined> {
    if ((await readFolder(mailbox, id)) !== undefined) return id
    if (anchor === undefined) return undefined
    const inPlace = await walk(mailbox, anchor, names)
    if (inPlace !== undefined || this.#below.length === 0) return inPlace
    const middle = anchorName === '' ? [] : [anchorName]
    return await walk(mailbox, 'msgfolderroot', [...this.#below, ...middle, ...names])
  }
}

async function walk(mailbox: Mailbox, anchor: string, names: readonly string[]): Promise<string | undefined> {
  const start = await readFolder(mailbox, anchor)
  let at = start === undefined ? undefined : filledText(start, 'id')
  for (const name of names) at = at === undefined ? undefined : await childNamed(mailbox, at, name)
  return at
}

async function childNamed(
  { client, user, signal }: Mailbox,
  parent: string,
  name: string,
): Promise<string | undefined> {
  const path = graphPath`/users/${user}/mailFolders/${parent}/childFolders`
  const query = { includeHiddenFolders: true, $select: 'id,displayName', $top: 250 }
  for await (const page of client.pages<JsonObject>({ path, query, pool: mailboxPool(user), signal })) {
    const found = page.value.find((folder) => nameKey(text(folder, 'displayName') ?? '') === nameKey(name))
    if (found !== undefined) return text(found, 'id')
  }
  return undefined
}

/** Places as they are stored with a rule; what is not one is left out. */
export function storedPlaces(properties: JsonObject): readonly FolderPlace[] {
  return (list(properties, 'folders') ?? []).filter(isObject).flatMap((entry) => {
    const id = filledText(entry, 'id')
    const names = (list(entry, 'names') ?? []).filter((name) => typeof name === 'string')
    const anchorName = text(entry, 'anchorName') ?? ''
    return id === undefined ? [] : [{ id, anchor: filledText(entry, 'anchor'), anchorName, names }]
  })
}
