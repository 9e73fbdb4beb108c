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
import { readCursor, readGroupFiles, writeCursor, type DriveCursor } from './drive-cursor.ts'
import { driveContainer, isDefaultDrive } from './drive-containers.ts'
import { driveItemId, isItem, splitItemId } from './drive-item.ts'
import { listDrive, type ListedDrive } from './drive-listing.ts'
import { childPages, type DriveAccess } from './drive-requests.ts'
import { readFolderPermissions } from './folder-permissions.ts'
import { endsListing, withPermissions } from './shared-permissions.ts'
import type { FindDrives, GroupFiles } from './find-drives.ts'

/** Cursor of every folder: what it stands for is in the cursor of the listing. */
const folderCursor = 'listed'

/** Ids of what is gone that are handed out together. */
const goneAtOnce = 1_000

type Access = (drive: string, signal: AbortSignal, together?: string) => DriveAccess

/** The listings of the roots that are being read, from `containers` until `finished`. */
export class RootListings {
  readonly #access: Access
  readonly #finder: FindDrives
  readonly #roots = new Map<string, RootState>()

  constructor(access: Access, finder: FindDrives) {
    this.#access = access
    this.#finder = finder
  }

  /** All folders of all drives of a root. What they tell of files waits for `changes`. */
  async containers(root: Root, last: ContainerListing | undefined, signal: AbortSignal): Promise<ContainerListing> {
    await this.finished(root)
    const state: RootState = { listed: new Map(), failed: new Map() }
    this.#roots.set(keyOf(root), state)
    try {
      return await this.#list({ root, last, state, signal })
    } catch (error) {
      await this.finished(root)
      throw error
    }
  }

  async #list(run: Run): Promise<ContainerListing> {
    const known = knownDrives(run.last)
    if (this.#finder.mayGrow) return await this.#listAll(run, known)
    if (known.length === 0) return await this.#listDrives(run, await this.#found(run, known))
    try {
      return await this.#listDrives(run, { drives: known, groupFiles: {} })
    } catch (error) {
      if (!isEngineError(error, 'graph.not-found')) throw error
      await closeAll(run.state.listed)
      const found = await this.#found(run, known)
      // They are all there: it is something else that is missing.
      if (known.every((drive) => found.drives.some(({ top }) => top.id === drive.top.id))) throw error
      return await this.#listDrives(run, found)
    }
  }

  /** Asks which drives there are and what changed in the known ones, all at once: mostly neither brings anything new. */
  async #listAll(run: Run, known: readonly KnownDrive[]): Promise<ContainerListing> {
    const begun = new Map(known.map((drive) => [drive.top.id, this.#try(run, drive)]))
    const settled = Promise.allSettled(begun.values())
    try {
      const { drives, groupFiles } = await this.#found(run, known)
      const outcomes: DriveOutcome[] = []
      for (const drive of drives) {
        const outcome = (await begun.get(drive.top.id)) ?? (await this.#try(run, drive))
        outcomes.push({ ...outcome, containers: [drive.top, ...outcome.containers.slice(1)] })
      }
      return listingOf(outcomes, groupFiles)
    } finally {
      await settled
    }
  }

  /** The drives that the root has now, the known ones with what is remembered of them. */
  async #found({ root, last, signal }: Run, known: readonly KnownDrive[]): Promise<Found> {
    const before = { known: new Set(known.map(({ top }) => top.id)), groupFiles: readGroupFiles(last) }
    const { drives, main, groupFiles } = await this.#finder.find(root, before, signal)
    const found = drives.map((drive): KnownDrive => {
      const one = known.find(({ top }) => top.id === text(drive, 'id'))
      const isMain = one === undefined ? text(drive, 'id') === main : isDefaultDrive(one.top)
      return { top: driveContainer(drive, isMain), before: one?.before }
    })
    return { drives: found, groupFiles }
  }

  async #listDrives(run: Run, { drives, groupFiles }: Found): Promise<ContainerListing> {
    const outcomes: DriveOutcome[] = []
    for (const drive of drives) outcomes.push(await this.#listOne(run, drive))
    return listingOf(outcomes, groupFiles)
  }

  async #listOne({ root, last, state, signal }: Run, { top, before }: KnownDrive): Promise<DriveOutcome> {
    const access = this.#access(top.id, signal, root.id)
    const known = foldersOf(last, top.id)
    const drive = await listDrive(access, before && { folders: known, delta: before.deltaLink })
    state.listed.set(top.id, drive)
    const { folders, pending } = await readFolderPermissions(access, drive, known, before?.pending ?? [])
    return {
      containers: [top, ...folders.map((folder) => counted(folder, drive))],
      cursor: { driveId: top.id, deltaLink: drive.delta, pending },
    }
  }

  /** Like `#listOne`, but a library that cannot be listed does not keep the others from it: `changes` tells of it. */
  async #try(run: Run, drive: KnownDrive): Promise<DriveOutcome> {
    try {
      return await this.#listOne(run, drive)
    } catch (error) {
      if (!isEngineError(error) || endsListing(error)) throw error
      run.state.failed.set(drive.top.id, error)
      return { containers: [drive.top, ...foldersOf(run.last, drive.top.id)], cursor: drive.before }
    }
  }

  async *changes(
    root: Root,
    container: Container,
    { cursor, next }: ChangeStart,
    signal: AbortSignal,
  ): AsyncGenerator<ChangePage, void, undefined> {
    const drive = container.parentId === undefined ? container.id : splitItemId(container.id).drive
    const { listed, failed } = this.#roots.get(keyOf(root)) ?? {}
    const state = listed?.get(drive)
    const isWhole = cursor === undefined && next === undefined
    if (failed?.has(drive) === true) {
      // The drive itself says so, once; what is known of its folders stays as it is.
      if (isWhole || container.id === drive) throw failed.get(drive)
      yield { changes: [], next: undefined, cursor }
      return
    }
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
    const state = this.#roots.get(keyOf(root))
    this.#roots.delete(keyOf(root))
    if (state !== undefined) await closeAll(state.listed)
  }
}

/** What is kept of a root that is being read. By the Graph ids of its drives. */
interface RootState {
  readonly listed: Map<string, ListedDrive>
  /** Why a drive could not be listed. */
  readonly failed: Map<string, unknown>
}

interface Run {
  readonly root: Root
  readonly last: ContainerListing | undefined
  readonly state: RootState
  readonly signal: AbortSignal
}

interface KnownDrive {
  readonly top: Container
  readonly before: DriveCursor | undefined
}

interface Found {
  readonly drives: readonly KnownDrive[]
  readonly groupFiles: GroupFiles
}

interface DriveOutcome {
  /** The drive itself, then its folders. */
  readonly containers: readonly Container[]
  readonly cursor: DriveCursor | undefined
}

function listingOf(outcomes: readonly DriveOutcome[], groupFiles: GroupFiles): ContainerListing {
  const cursors = outcomes.flatMap(({ cursor }) => cursor ?? [])
  return {
    containers: outcomes.flatMap(({ containers }) => containers),
    cursor: writeCursor(cursors, groupFiles),
    tellsItems: true,
  }
}

function foldersOf(last: ContainerListing | undefined, drive: string): readonly Container[] {
  return (last?.containers ?? []).filter(({ id }) => id !== drive && splitItemId(id).drive === drive)
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
