import { isAccountName } from '../../auth/account.ts'
import { listAccounts, removeAccount, requireAccount } from '../../auth/accounts.ts'
import { EngineError } from '../../engine/index.ts'
import { openRunHistory } from '../../settings/run-history.ts'
import { readSettings } from '../../settings/settings-file.ts'
import type { AccountRow } from '../../../src-shared/ipc/contract/accounts.ts'
import type { Handlers } from '../context.ts'
import { knownPlaces } from '../destinations/known-places.ts'
import type { HostServices } from '../services.ts'
import { accountRow, type AccountFacts } from './account-rows.ts'
import { accountPermissions } from './permissions.ts'
import { signInApplication } from './sign-in-application.ts'
import { signInPerson } from './sign-in-person.ts'
import { withAccountNoted } from './noted.ts'

type Methods =
  | 'accounts.list'
  | 'accounts.signIn'
  | 'accounts.cancelSignIn'
  | 'accounts.signInApplication'
  | 'accounts.signOut'
  | 'accounts.permissions'

export function accountHandlers(services: HostServices): Handlers<Methods> {
  let signingIn: AbortController | undefined
  /** A person has one window to sign in at a time. */
  const begin = (): AbortController => {
    signingIn?.abort(new EngineError('cancelled'))
    signingIn = new AbortController()
    return signingIn
  }
  return {
    'accounts.list': async () => {
      const accounts = await listAccounts(await services.secretStore())
      const facts = await gatherFacts(services)
      return accounts.map((account) => accountRow(account, facts))
    },
    'accounts.signIn': async (asked, call) => {
      const controller = begin()
      const { name } = await signInPerson(services, asked, AbortSignal.any([call.signal, controller.signal]))
      return await signedIn(services, name)
    },
    'accounts.cancelSignIn': () => {
      signingIn?.abort(new EngineError('cancelled'))
      return Promise.resolve({})
    },
    'accounts.signInApplication': async (asked, { signal }) => {
      const certificate = await signInApplication(services, asked, signal)
      return { account: await signedIn(services, asked.name), certificate }
    },
    'accounts.signOut': async ({ name }) => {
      // Secrets have names of their own kind: one that no account can have is none.
      if (!isAccountName(name) || !(await removeAccount(await services.secretStore(), name)))
        throw new EngineError('auth.no-account', { context: { account: name } })
      await services.state.forgetAccount(name)
      services.accountsChanged()
      services.emit('changed', { what: ['accounts'] })
      return {}
    },
    'accounts.permissions': (asked, { signal }) =>
      withAccountNoted(services, asked.name, () => accountPermissions(services, asked, signal)),
  }
}

async function signedIn(services: HostServices, name: string): Promise<AccountRow> {
  services.accountsChanged()
  await services.state.noteAccount(name, { time: services.clock.now(), refused: false })
  services.emit('changed', { what: ['accounts', 'plans'] })
  const account = await requireAccount(await services.secretStore(), name)
  return accountRow(account, await gatherFacts(services))
}

async function gatherFacts(services: HostServices): Promise<AccountFacts> {
  const { profile, state } = services
  const { plans } = await readSettings(profile)
  return {
    plans,
    runs: await openRunHistory(profile).runs(),
    state: await state.read(),
    places: await knownPlaces(services),
  }
}
