import type { JsonObject } from '../../src-main/engine/model/json.ts'
import type { Content, Container, DataTypeReader, Root } from '../../src-main/engine/ports/data-type.ts'
import type {
  DataTypeRestorer,
  ItemOutcome,
  RestoreItem,
  RestoreOptions,
  StoredFile,
  TargetContainer,
} from '../../src-main/engine/ports/restore-target.ts'

/** An item as a snapshot would hold it, in memory. */
export interface HeldItem {
  readonly id: string
  readonly container: string
  readonly metadata: JsonObject
  readonly content: Uint8Array | undefined
  readonly parts: ReadonlyMap<string, Uint8Array>
  /** Codes of parts that could not be read. */
  readonly unreadParts: readonly string[]
}

export interface HeldType {
  readonly containers: readonly Container[]
  readonly items: readonly HeldItem[]
  /** Items that could not be read, by id. */
  readonly unread: ReadonlyMap<string, unknown>
  readonly listingCursor: string | undefined
  readonly cursors: ReadonlyMap<string, string>
}

const signal = new AbortController().signal

/** Reads everything that the reader gives of a root, as a first run does; with `before`, as the next one does. */
export async function readHeld(reader: DataTypeReader, root: Root, before?: HeldType): Promise<HeldType> {
  const last = before === undefined ? undefined : { containers: before.containers, cursor: before.listingCursor }
  const listing = await reader.containers(root, last, signal)
  const items = new Map((before?.items ?? []).map((item) => [item.id, item]))
  const unread = new Map<string, unknown>()
  const cursors = new Map<string, string>()
  const here = new Set(listing.containers.map(({ id }) => id))
  for (const { id, container } of before?.items ?? []) if (!here.has(container)) items.delete(id)
  for (const container of listing.containers) {
    const cursor = before?.cursors.get(container.id)
    const seen = new Set<string>()
    for await (const page of reader.changes(root, container, cursor === undefined ? {} : { cursor }, signal)) {
      for (const change of page.changes) {
        const old = items.get(change.id)
        if (change.kind === 'gone' || (change.kind === 'removed' && old?.container === container.id))
          items.delete(change.id)
        if (change.kind !== 'put') continue
        seen.add(change.id)
        const merged =
          change.partial && old !== undefined
            ? { ...reader.properties(old.metadata), ...change.properties }
            : change.properties
        try {
          items.set(change.id, await held(reader, root, container, change.id, merged, old))
        } catch (error) {
          unread.set(change.id, error)
        }
      }
      if (page.cursor !== undefined) cursors.set(container.id, page.cursor)
    }
    if (cursor !== undefined) continue
    for (const item of items.values()) if (item.container === container.id && !seen.has(item.id)) items.delete(item.id)
  }
  await reader.finished?.(root)
  return { containers: listing.containers, items: [...items.values()], unread, listingCursor: listing.cursor, cursors }
}

async function held(
  reader: DataTypeReader,
  root: Root,
  container: Container,
  id: string,
  properties: JsonObject,
  old: HeldItem | undefined,
): Promise<HeldItem> {
  const { changeKey } = reader.identity(reader.metadata(properties))
  if (old?.container === container.id && reader.identity(old.metadata).changeKey === changeKey) return old
  const body = await reader.body(root, container, { id, properties, previous: old?.metadata }, signal)
  const parts = new Map<string, Uint8Array>()
  const unreadParts: string[] = []
  for (const part of body.parts ?? []) {
    const kept = part.unchanged === true ? old?.parts.get(part.name) : undefined
    try {
      parts.set(part.name, kept ?? (await bytesOf(await part.open(signal))))
    } catch (error) {
      unreadParts.push((error as { code?: string }).code ?? String(error))
    }
  }
  const content =
    body.content === 'unchanged' ? old?.content : body.content === undefined ? undefined : await bytesOf(body.content)
  return {
    id,
    container: container.id,
    metadata: reader.metadata(body.properties ?? properties),
    content,
    parts,
    unreadParts,
  }
}

async function bytesOf(content: Content): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export const plainRestore: RestoreOptions = {
  dryRun: false,
  ignoreExisting: false,
  targetFolder: 'Restored',
  onRequest: new Set(),
  people: () => undefined,
}

/** Restores what is held into a root, parents before children, as the engine does; outcomes by item id. */
export async function restoreHeld(
  restorer: DataTypeRestorer,
  reader: DataTypeReader,
  held: HeldType,
  root: Root,
  options: Partial<RestoreOptions> = {},
): Promise<Map<string, ItemOutcome>> {
  const top = await restorer.begin(root, { ...plainRestore, ...options }, signal)
  const targets = new Map<string, TargetContainer>()
  const targetOf = async (id: string | undefined): Promise<TargetContainer> => {
    const container = held.containers.find((one) => one.id === id)
    if (container === undefined) return top
    const known = targets.get(container.id)
    if (known !== undefined) return known
    const parent = await targetOf(container.parentId)
    const made = await restorer.container(parent, { dirName: container.name, metadata: container.properties }, signal)
    targets.set(container.id, made)
    return made
  }
  const outcomes = new Map<string, ItemOutcome>()
  for (const item of held.items)
    outcomes.set(item.id, await restorer.item(await targetOf(item.container), asRestoreItem(reader, item), signal))
  return outcomes
}

/** A held item as a restore gets it. */
export function asRestoreItem(reader: DataTypeReader, { id, metadata, content, parts }: HeldItem): RestoreItem {
  const { name } = reader.row(metadata, content?.length ?? 0)
  return {
    path: `${reader.folder}/${name === '' ? id : name}`,
    metadata,
    content: content === undefined ? undefined : file(`${name}${reader.contentExtension ?? ''}`, content),
    parts: [...parts].map(([partName, bytes]) => file(partName, bytes)),
  }
}

function file(name: string, content: Uint8Array): StoredFile {
  return {
    name,
    size: content.length,
    bytes: () => Promise.resolve(content),
    async *stream(_signal, from = 0) {
      for (let at = from; at < content.length; at += 100_000)
        yield await Promise.resolve(content.subarray(at, Math.min(at + 100_000, content.length)))
    },
  }
}
