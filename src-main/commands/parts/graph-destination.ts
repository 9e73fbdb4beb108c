import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { listAccounts } from '../../auth/accounts.ts'
import { createPackSpool, type StoreSpool } from '../../destinations/decorators/pack-spool.ts'
import { createReadCache } from '../../destinations/decorators/read-cache.ts'
import { drivePool, itemPath } from '../../destinations/graph-drive/drive-requests.ts'
import { findDrive } from '../../destinations/graph-drive/find-drive.ts'
import { createGraphDrive, type GraphDriveNotice } from '../../destinations/graph-drive/graph-drive.ts'
import { parseGraphDestination, shownPlace } from '../../destinations/graph-drive/urls.ts'
import { isEngineError } from '../../engine/model/errors.ts'
import type { DestinationStore } from '../../engine/ports/destination-store.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { formatBytes } from '../../../src-shared/text/amounts.ts'
import { openSecretStore } from './account-option.ts'
import type { DestinationOptions } from './destination-options.ts'
import { withService } from './error-place.ts'
import { holdProfileLock } from './held-profile-lock.ts'
import type { Session } from './session.ts'
import { signIn, signInAccount, type SignIn } from './sign-in.ts'
import { namesApplication, readSourceOptions } from './source-options.ts'
import { createUploadMemory } from './upload-memory.ts'
import { UsageError } from './usage-error.ts'

/** A store in Microsoft 365, and who asks for it. */
export interface GraphDestination {
  readonly store: DestinationStore
  /** The store (or what stands before it), with what is read again and again kept in the profile. */
  cached(before: DestinationStore, keepsPack: (name: string) => boolean): DestinationStore
  readonly spool: StoreSpool
  /** The repository's folder, as readers of drives call it. Rejects like the store. */
  folderId(signal: AbortSignal): Promise<string>
  /** Adds to an error where it came from (context: service). */
  explain(error: unknown): unknown
}

/** Bytes that the cache of one repository may take. */
const CACHE_LIMIT = 4 * 1024 ** 3
const DEFAULT_ACCOUNT = 'default'
const AUTHID = 'authid'

/**
 * Opens a destination in Microsoft 365, with the account that its authid names, or else with the one that reads the
 * source, or with the only one there is. Nothing is asked of Graph yet. Rejects like signIn, or with `usage`.
 */
export async function openGraphDestination(
  session: Session,
  text: string,
  { fragments, permanentDelete }: DestinationOptions,
): Promise<GraphDestination> {
  const { authid, place } = parseGraphDestination(text)
  const signedIn = await signInFor(session, authid)
  const { client, graphBaseUrl, loginBaseUrl, tenantId } = signedIn
  const location = shownPlace(place)
  // Whose drive "onedrivev2://..." is depends on who asks.
  const whose = JSON.stringify([graphBaseUrl, tenantId, signedIn.account?.name, location])
  const name = createHash('sha256').update(whose).digest('hex').slice(0, 32)
  const told = new Set<GraphDriveNotice['code']>()
  const store = createGraphDrive({
    client,
    clock: systemClock,
    place,
    fragments,
    permanentDelete,
    random: Math.random,
    sessions: createUploadMemory(session, join(session.profile, 'uploads', name)),
    onNotice: (notice) => {
      if (told.has(notice.code)) return
      told.add(notice.code)
      tell(session, location, notice)
    },
  })
  return {
    store,
    spool: uploadSpool(session, name),
    cached: (before, keepsPack) => {
      const cache = createReadCache(before, {
        folder: join(session.profile, 'cache', name),
        limit: CACHE_LIMIT,
        keepsPack,
      })
      session.connections.atEnd(() => cache.sweep())
      return cache
    },
    folderId: async (signal) => {
      const { drive, folder } = await findDrive(client, place, signal)
      const path = itemPath({ client, drive, folder }, '')
      const query = { $select: 'id' }
      const { id } = await client.json<{ readonly id: string }>({ path, query, pool: drivePool, signal })
      return `${drive}/${id}`
    },
    explain: (error) => withService(error, graphBaseUrl, loginBaseUrl),
  }
}

/** Beside the file that remembers the sessions of those uploads. */
function uploadSpool({ profile, output }: Session, name: string): StoreSpool {
  const folder = join(profile, 'uploads', `${name}.packs`)
  return createPackSpool({
    folder,
    claim: async () => {
      try {
        return await holdProfileLock(`${folder}.lock`, output)
      } catch (error) {
        if (isEngineError(error, 'settings.busy')) return undefined
        throw error
      }
    },
    onFailed: (error) => {
      output.note('Packs cannot be kept in the profile while they are uploaded: one that breaks off is uploaded anew.')
      output.detail(String(error))
    },
  })
}

async function signInFor(session: Session, authid: string | undefined): Promise<SignIn> {
  const { values } = session
  if (authid !== undefined) return await signInAccount(session, authid, AUTHID)
  if (values.has('account') || namesApplication(values)) return await signIn(session, readSourceOptions(values))
  return await signInAccount(session, await onlyAccount(session), AUTHID)
}

async function onlyAccount(session: Session): Promise<string> {
  const names = (await listAccounts(await openSecretStore(session))).map(({ name }) => name)
  const [first, ...others] = names
  if (first === undefined)
    throw new UsageError('The destination needs an account: "holdfast login" adds one, authid=<account> names it.')
  if (others.length === 0) return first
  const standard = names.find((name) => name.toLowerCase() === DEFAULT_ACCOUNT)
  if (standard !== undefined) return standard
  throw new UsageError(
    `There are several accounts (${names.join(', ')}): name one in the destination, as authid=<account>.`,
  )
}

function tell({ output }: Session, location: string, notice: GraphDriveNotice): void {
  if (notice.code === 'nearly-full') {
    const { remaining, total } = notice
    output.warn(
      `Less than a tenth of the room is left in ${location}: ${formatBytes(remaining)} of ${formatBytes(total)}.`,
    )
  } else if (notice.code === 'recycled')
    output.warn(`Microsoft 365 does not let files in ${location} be deleted for good: they go into the recycle bin.`)
  else output.detail('Uploads that break off cannot be resumed by the next command: there is nowhere to keep secrets.')
}
