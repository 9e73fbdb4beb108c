import { isPersonal, type Account } from '../auth/account.ts'
import { listAccounts } from '../auth/accounts.ts'
import { openSecretStore } from './parts/account-option.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { tableLines } from './parts/output.ts'
import type { Session } from './parts/session.ts'

/** Lists the accounts of this machine. */
export async function accounts(session: Session): Promise<ExitCode> {
  const { output } = session
  const all = await listAccounts(await openSecretStore(session))
  for (const line of tableLines(all.map(row), (text) => text.length)) output.line(line)
  for (const account of all) output.object({ message_type: 'account', ...about(account) })
  if (all.length === 0) output.note('No account is signed in: "holdfast login" adds one.')
  return exitCodes.done
}

function row(account: Account): readonly string[] {
  if (account.kind === 'application')
    return [account.name, `application ${account.clientId}`, account.tenantId, `by ${account.credential}`]
  const directory = isPersonal(account) ? 'personal account' : account.homeTenantId
  return [account.name, account.username, directory, account.scopes.join(', ')]
}

function about(account: Account): Readonly<Record<string, unknown>> {
  const { name, kind, clientId, graphBaseUrl } = account
  const common = { account: name, kind, client: clientId, graph: graphBaseUrl }
  if (account.kind === 'application') return { ...common, tenant: account.tenantId, credential: account.credential }
  const { username, homeTenantId, scopes, method } = account
  return { ...common, username, tenant: homeTenantId, personal: isPersonal(account), method, scopes }
}
