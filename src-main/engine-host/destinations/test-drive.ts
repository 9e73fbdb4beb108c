import { randomBytes } from 'node:crypto'
import { drivePool, itemPath, type RepositoryFolder } from '../../destinations/graph-drive/drive-requests.ts'
import { findDrive } from '../../destinations/graph-drive/find-drive.ts'
import { createGraphDrive } from '../../destinations/graph-drive/graph-drive.ts'
import { parseGraphDestination } from '../../destinations/graph-drive/urls.ts'
import type { Session } from '../../commands/parts/session.ts'
import { signInAccount } from '../../commands/parts/sign-in.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { isEngineError } from '../../engine/index.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { stateOf, type PlaceState } from './place-state.ts'

const refused: ReadonlySet<string> = new Set(['store.permission', 'store.read-only', 'store.full', 'store.append-only'])

interface Child {
  readonly name?: string
}

/** Looks at a folder of a drive, whether it is there or not, and writes and removes a file in that drive. */
export async function testDrive(session: Session, text: string, clock: Clock): Promise<PlaceState> {
  const { signal } = session
  const { authid, place } = parseGraphDestination(text)
  if (authid === undefined) throw new UsageError('The destination needs an account: name one, as authid=<account>.')
  const { client } = await signInAccount(session, authid, 'authid')
  const { drive, folder, quota } = await findDrive(client, place, signal)
  const at = { client, drive, folder }
  const names = await namesIn(at, signal)
  const there = names === undefined ? await nearest(at, signal) : folder
  const target = createGraphDrive({ client, clock, place: { kind: 'onedrive', driveId: drive, folder: there } })
  const name = `holdfast-${randomBytes(6).toString('hex')}`
  let writable = true
  try {
    await target.put(name, [Buffer.from('holdfast')], signal)
  } catch (error) {
    if (!isEngineError(error) || !refused.has(error.code)) throw error
    writable = false
  }
  if (writable) await target.remove(name, signal)
  return { state: stateOf(names), writable, free: quota?.remaining ?? null, total: quota?.total ?? null }
}

/** Undefined if there is no such folder. */
async function namesIn(at: RepositoryFolder, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const names: string[] = []
  const request = {
    path: itemPath(at, '', 'children'),
    query: { $select: 'name', $top: 200 },
    pool: drivePool,
    cost: 2,
  }
  try {
    for await (const page of at.client.pages<Child>({ ...request, signal })) {
      names.push(...page.value.map(({ name = '' }) => name))
      // What is in a repository is known, and of anything else it is enough that it is there.
      if (names.length > 0) break
    }
    return names
  } catch (error) {
    if (isEngineError(error, 'graph.not-found')) return undefined
    throw error
  }
}

/** The folder above that is there; the root of a drive always is. */
async function nearest({ client, drive, folder }: RepositoryFolder, signal: AbortSignal): Promise<readonly string[]> {
  for (let depth = folder.length - 1; depth > 0; depth--) {
    const above = { client, drive, folder: folder.slice(0, depth) }
    if ((await namesIn(above, signal)) !== undefined) return above.folder
  }
  return []
}
