import { unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ApplicationAccount } from '../../auth/account.ts'
import { findAccount, saveApplication, type StoredCredential } from '../../auth/accounts.ts'
import type { NewCertificate } from '../../auth/create-certificate.ts'
import { EngineError } from '../../engine/model/errors.ts'
import type { SecretStore } from '../../engine/ports/secret-store.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { applicationPermissions, readPurpose } from './login-scopes.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage-error.ts'

/** What the account is called, and where it signs in. */
export interface LoginPlace {
  readonly name: string
  readonly clientId: string
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
}

/** Names that stand for many directories: an application signs in to one. */
const sharedTenants = new Set(['common', 'organizations', 'consumers'])
const keyBits = 3072

/** Keeps an application that signs in by itself: by what is given, or by a certificate that is made for it. */
export async function loginApplication(session: Session, place: LoginPlace, secrets: SecretStore): Promise<void> {
  const { values } = session
  const tenantId = values.text('office365-tenant-id')?.toLowerCase()
  if (tenantId === undefined || tenantId === '' || sharedTenants.has(tenantId))
    throw new UsageError('An application signs in to one tenant: give its id or a domain with --office365-tenant-id.')
  if ((await findAccount(secrets, place.name)) !== undefined)
    throw new EngineError('auth.account-taken', { context: { account: place.name } })
  const creates = values.flag('create-certificate') === true
  const account = { kind: 'application', ...place, tenantId } as const
  if (creates) await withNewCertificate(session, account, secrets)
  else await withCredential(session, account, secrets)
}

async function withNewCertificate(
  session: Session,
  account: Omit<ApplicationAccount, 'credential'>,
  secrets: SecretStore,
): Promise<void> {
  const { values, output } = session
  if (values.has('office365-client-secret') || values.has('office365-certificate-path'))
    throw new UsageError(
      '--create-certificate makes what the application signs in with: give no secret and no certificate.',
    )
  const { createCertificate } = await import('../../auth/create-certificate.ts')
  const made = await createCertificate({ keyBits, now: systemClock.now(), name: 'Holdfast' })
  const path = resolve(values.text('certificate-file') ?? `holdfast-${account.name}.cer`)
  await writePublicPart(path, made)
  try {
    await saveApplication(secrets, { ...account, credential: 'certificate' }, { certificate: made.signing })
  } catch (error) {
    // A certificate without its key is of no use; the first error is what matters.
    await unlink(path).catch(() => undefined)
    throw error
  }
  const { thumbprintSha1, thumbprintSha256, notAfter } = made
  const until = new Date(notAfter).toISOString().slice(0, 10)
  const about = { thumbprint_sha1: thumbprintSha1, thumbprint_sha256: thumbprintSha256, valid_until: until }
  output.line(
    `The account "${account.name}" has a new key, which stays on this machine, and a certificate until ${until}.`,
  )
  output.line(`1. In the app registration ${account.clientId}, under "Certificates & secrets", upload ${path}`)
  output.line(`   SHA-1   ${thumbprintSha1}\n   SHA-256 ${thumbprintSha256}`)
  tellPermissions(session, '2. Under "API permissions", add these')
  output.line(`3. See whether all is well: holdfast permissions --account ${account.name}`)
  output.object({ message_type: 'account', account: account.name, kind: 'application', certificate: path, ...about })
}

/** DER for .cer, PEM for the other endings that the app registration takes. Nothing is overwritten. */
async function writePublicPart(path: string, { der, pem }: NewCertificate): Promise<void> {
  try {
    await writeFile(path, path.toLowerCase().endsWith('.cer') ? der : pem, { flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`
    throw new UsageError(`${path} ${why}: name another file with --certificate-file.`, { cause: error })
  }
}

async function withCredential(
  session: Session,
  account: Omit<ApplicationAccount, 'credential'>,
  secrets: SecretStore,
): Promise<void> {
  const { output, signal } = session
  const credential = await readGivenCredential(session)
  const { createAppOnlyTokenSource } = await import('../../auth/app-only-token-source.ts')
  const { tenantId, clientId, graphBaseUrl, loginBaseUrl, name } = account
  const tokens = await createAppOnlyTokenSource({
    tenantId,
    clientId,
    graphBaseUrl,
    loginBaseUrl,
    clock: systemClock,
    ...('secret' in credential ? { secret: credential.secret } : { signing: credential.certificate }),
  })
  await tokens.token({ signal })
  const kind = 'secret' in credential ? 'secret' : 'certificate'
  await saveApplication(secrets, { ...account, credential: kind }, credential)
  output.line(`The application signs in; the account is called "${name}".`)
  tellPermissions(session, 'Under "API permissions" of the app registration it needs these')
  output.object({ message_type: 'account', account: name, kind: 'application', tenant: tenantId, credential: kind })
}

async function readGivenCredential({ values }: Session): Promise<StoredCredential> {
  const secret = values.text('office365-client-secret')
  const path = values.text('office365-certificate-path')
  const password = values.text('office365-certificate-password')
  if ((secret === undefined || secret === '') === (path === undefined))
    throw new UsageError(
      'An application signs in with a secret or a certificate: set HOLDFAST_OFFICE365_CLIENT_SECRET, give --office365-certificate-path, or make one with --create-certificate.',
    )
  if (path === undefined) return { secret: secret ?? '' }
  const { readCertificate } = await import('../../auth/certificate.ts')
  return { certificate: await readCertificate({ path, password }) }
}

function tellPermissions({ values, output }: Session, begin: string): void {
  const permissions = applicationPermissions(readPurpose(values, 'application'))
  output.line(`${begin} application permissions of Microsoft Graph, and grant admin consent:`)
  const width = Math.max(...permissions.map(({ name }) => name.length))
  for (const { name, for: purposes } of permissions) {
    output.line(`   ${name.padEnd(width)}  ${purposes.join('; ')}`)
    output.object({ message_type: 'permission', name, for: purposes })
  }
}
