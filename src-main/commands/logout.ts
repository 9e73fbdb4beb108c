import { removeAccount } from '../auth/accounts.ts'
import { EngineError } from '../engine/model/errors.ts'
import { openSecretStore, readAccountName } from './parts/account-option.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import type { Session } from './parts/session.ts'

/** Forgets an account: its tokens, secret and key are gone from this machine. */
export async function logout(session: Session): Promise<ExitCode> {
  const { output } = session
  const name = readAccountName(session)
  const secrets = await openSecretStore(session)
  if (!(await removeAccount(secrets, name))) throw new EngineError('auth.no-account', { context: { account: name } })
  output.line(
    `The account "${name}" is forgotten here. What it allowed the application is taken back in Microsoft 365.`,
  )
  output.object({ message_type: 'account', account: name, removed: true })
  return exitCodes.done
}
