import type { ParamsOf, ValueOf } from '../../../src-shared/ipc/contract.ts'
import { describers } from '../../commands/parts/data-types.ts'
import { signInAccount, type SignIn } from '../../commands/parts/sign-in.ts'
import { isEngineError } from '../../engine/index.ts'
import { listDrives, listFolders } from '../../graph/directory/drives.ts'
import { countRoots, findOwnUser, searchRoots, type FoundRoot } from '../../graph/directory/search-roots.ts'
import { withAccountNoted } from '../accounts/noted.ts'
import type { Handlers } from '../context.ts'
import { withSession } from '../with-session.ts'
import type { PickedTitles } from '../destinations/picked-titles.ts'
import { allKinds } from '../plans/source-kinds.ts'
import type { HostServices } from '../services.ts'
import { placeAddress } from './place-address.ts'

type Methods =
  | 'directory.roots'
  | 'directory.counts'
  | 'directory.types'
  | 'directory.drives'
  | 'directory.folders'
  | 'directory.place'

type Roots = ValueOf<'directory.roots'>

export function directoryHandlers(services: HostServices, titles: PickedTitles): Handlers<Methods> {
  return {
    'directory.roots': (asked, { signal }) =>
      withSignIn(services, asked.account, signal, (signIn) => roots(signIn, asked, signal)),
    'directory.counts': ({ account }, { signal }) =>
      withSignIn(services, account, signal, async ({ client }) => ({
        user: await unlessDenied(countRoots(client, 'user', signal), null),
        group: await unlessDenied(countRoots(client, 'group', signal), null),
        // Graph counts no sites.
        site: null,
      })),
    'directory.types': () =>
      Promise.resolve(allKinds.flatMap((kind) => describers[kind].map(({ folder, type }) => ({ kind, folder, type })))),
    'directory.drives': ({ account, root, cursor }, { signal }) =>
      withSignIn(services, account, signal, async ({ client, as }) => {
        // An application has no drive of its own.
        if (root === null && as === 'app') return { rows: [], next: null }
        const { rows, next } = await listDrives(client, root, cursor, signal)
        return { rows: rows.map((drive) => ({ ...drive })), next }
      }),
    'directory.folders': ({ account, drive, folder, query, cursor }, { signal }) =>
      withSignIn(services, account, signal, async ({ client }) => {
        const { rows, next } = await listFolders(client, { drive, folder, query, next: cursor, signal })
        return { rows: rows.map((one) => ({ ...one })), next }
      }),
    'directory.place': (picked) =>
      new Promise((resolve) => {
        const { place, title } = placeAddress(picked)
        titles.note(place, title)
        resolve({ place })
      }),
  }
}

/** A person who may not list a tenant sees what is theirs. */
async function roots(
  { client, as: signedIn }: SignIn,
  { kind, query, cursor }: ParamsOf<'directory.roots'>,
  signal: AbortSignal,
): Promise<Roots> {
  const found = await unlessDenied(searchRoots(client, kind, { query, next: cursor, signedIn, signal }), undefined)
  if (found !== undefined) return { rows: found.rows.map((row) => ({ ...row })), next: found.next, limited: false }
  const own = kind === 'user' && signedIn === 'person' ? await findOwnUser(client, signal) : []
  return { rows: own.filter((row) => isMeant(row, query)).map((row) => ({ ...row })), next: null, limited: true }
}

function isMeant({ name, title }: FoundRoot, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  return `${title} ${name}`.toLowerCase().includes(wanted)
}

async function unlessDenied<T, Other>(work: Promise<T>, otherwise: Other): Promise<T | Other> {
  try {
    return await work
  } catch (error) {
    if (isEngineError(error, 'graph.forbidden') || isEngineError(error, 'graph.not-for-app-only')) return otherwise
    throw error
  }
}

async function withSignIn<T>(
  services: HostServices,
  account: string,
  signal: AbortSignal,
  work: (signIn: SignIn) => Promise<T>,
): Promise<T> {
  return await withAccountNoted(services, account, () =>
    withSession(services, { signal, options: { account } }, async (session) =>
      work(await signInAccount(session, account, 'account')),
    ),
  )
}
