import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type {
  Change,
  ChangePage,
  ChangeStart,
  Container,
  ContainerListing,
  Root,
} from '../../engine/ports/data-type.ts'
import { text } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'
import { readCursor, writeCursor, type DriveCursor } from './drive-cursor.ts'
import { driveContainer } from './drive-containers.ts'
import { driveItemId, isItem, splitItemId } from './drive-item.ts'
import { listDrive, type ListedDrive } from './drive-listing.ts'
import { childPages, type DriveAccess } from './drive-requests.ts'
import { readFolderPermissions } from './folder-permissions.ts'
import { withPermissions } from './shared-permissions.ts'
import type { FindDrives } from './find-drives.ts'

/** Cursor of every folder: what it stands for is in the cursor of the listing. */
const folderCursor = 'listed'

/** Ids of what is gone that are handed out together. */
const goneAtOnce = 1_000

type Access = (drive: string, signal: AbortSignal) => DriveAccess

/** The listings of the roots that are being read, from `containers` until `finished`. */
export class RootListings {
  readonly #access: Access
  readonly #find: FindDrives
  readonly #drives = new Map<string, Map<string, ListedDrive>>()

  constructor(access: Access, find: FindDrives) {
    this.#access = access
    this.#find = find
  }

  /** All folders of all drives of a root. What they tell of files waits for `changes`. */
  async containers(root: Root, last: ContainerListing | undefined, signal: AbortSignal): Promise<ContainerListing> {
    await this.finished(root)
    const listed = new Map<string, ListedDrive>()
    this.#drives.set(keyOf(root), listed)
    try {
      return await this.#list(root, last, listed, signal)
    } catch (error) {
      await this.finished(root)
      throw error
    }
  }

  async #list(
    root: Root,
    last: ContainerListing | undefined,
    listed: Map<string, ListedDrive>,
    signal: AbortSignal,
  ): Promise<ContainerListing> {
    const known = knownDrives(last)
    if (known.length === 0) return await this.#listDrives(await this.#found(root, known, signal), last, listed, signal)
    try {
      return await this.#listDrives(known, last, listed, signal)
    } catch (error) {
      if (!isEngineError(error, 'graph.not-found')) throw error
      await closeAll(listed)
      const drives = await this.#found(root, known, signal)
      // They are all there: it is something else that is missing.
      if (known.every((drive) => drives.includes(drive))) throw error
      return await this.#listDrives(drives, last, listed, signal)
    }
  }

  /** The drives that the root has now, the known ones as they are known. */
  async #found(root: Root, known: readonly KnownDrive[], signal: AbortSignal): Promise<readonly KnownDrive[]> {
    const drives = await this.#find(root, signal)
    return drives.map((drive, index): KnownDrive => {
      const top = driveContainer(drive, index === 0)
      return known.find((one) => one.top.id === top.id) ?? { top, before: undefined }
    })
  }

  async #listDrives(
    drives: readonly KnownDrive[],
    last: ContainerListing | undefined,
    listed: Map<string, ListedDrive>,
    signal: AbortSignal,
  ): Promise<ContainerListing> {
    const containers: Container[] = []
    const cursors: DriveCursor[] = []
    for (const { top, before } of drives) {
      const access = this.#access(top.id, signal)
      const known = (last?.containers ?? []).filter(({ id }) => id !== top.id && splitItemId(id).drive === top.id)
      const state = await listDrive(access, before && { folders: known, delta: before.deltaLink })
      listed.set(top.id, state)
      const { folders, pending } = await readFolderPermissions(access, state, known, before?.pending ?? [])
      containers.push(top, ...folders.map((folder) => counted(folder, state)))
      cursors.push({ driveId: top.id, deltaLink: state.delta, pending })
    }
    return { containers, cursor: writeCursor(cursors), tellsItems: true }
  }

  async *changes(
    root: Root,
    container: Container,
    { cursor, next }: ChangeStart,
    signal: AbortSignal,
  ): AsyncGenerator<ChangePage, void, undefined> {
    const drive = container.parentId === undefined ? container.id : splitItemId(container.id).drive
    const state = this.#drives.get(keyOf(root))?.get(drive)
    const isWhole = cursor === undefined && next === undefined
    // Nobody knows what became of a file that a listing of everything does not show: the folder is taken whole.
    if (!isWhole && (next !== undefined || state?.isWhole !== false)) throw new EngineError('graph.cursor-lost')
    const access = this.#access(drive, signal)
    if (container.id === drive) yield* gonePages(state, isWhole)
    else {
      for await (const items of folderItems(access, container, state, isWhole)) {
        const complete = await withPermissions(access, items)
        yield { changes: complete.map((item) => put(drive, item)), next: undefined, cursor: undefined }
      }
    }
    yield { changes: [], next: undefined, cursor: folderCursor }
  }

  async finished(root: Root): Promise<void> {
    const listed = this.#drives.get(keyOf(root))
    this.#drives.delete(keyOf(root))
    if (listed !== undefined) await closeAll(listed)
  }
}

interface KnownDrive {
  readonly top: Container
  readonly before: DriveCursor | undefined
}

/** The drives of the last listing; none if it has to begin anew. */
function knownDrives(last: ContainerListing | undefined): readonly KnownDrive[] {
  return (readCursor(last) ?? []).flatMap((before): readonly KnownDrive[] => {
    const top = last?.containers.find(({ id }) => id === before.driveId)
    return top === undefined ? [] : [{ top, before }]
  })
}

async function closeAll(listed: Map<string, ListedDrive>): Promise<void> {
  for (const { spool } of listed.values()) await spool.close()
  listed.clear()
}

function keyOf({ kind, id }: Root): string {
  return `${kind}/${id}`
}

function counted(folder: Container, { isWhole, complete, spool }: ListedDrive): Container {
  return isWhole || complete.has(folder.id) ? { ...folder, items: spool.count(folder.id) } : folder
}

/** What is gone from the drive, told with the drive itself: its folder may be gone too. */
function* gonePages(state: ListedDrive | undefined, isWhole: boolean): Generator<ChangePage, void, undefined> {
  const ids = isWhole ? [] : (state?.spool.removed() ?? [])
  for (let from = 0; from < ids.length; from += goneAtOnce) {
    const changes = ids.slice(from, from + goneAtOnce).map((id): Change => ({ kind: 'gone', id }))
    yield { changes, next: undefined, cursor: undefined }
  }
}

/** The files of the folder that changed, or all of them; what the listing did not tell is asked for. */
async function* folderItems(
  access: DriveAccess,
  container: Container,
  state: ListedDrive | undefined,
  isWhole: boolean,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const isTold = state !== undefined && (!isWhole || state.isWhole || state.complete.has(container.id))
  if (isTold) yield* state.spool.files(container.id)
  else {
    const folder = text(propertiesOf(container.properties), 'id') ?? splitItemId(container.id).item
    for await (const page of childPages(access, folder)) yield page.value.filter(isItem)
  }
}

function put(drive: string, item: JsonObject): Change {
  return { kind: 'put', id: driveItemId(drive, text(item, 'id') ?? ''), properties: item, partial: false }
}
