import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ParamsOf } from '../../../src-shared/ipc/contract.ts'
import { findAccount } from '../../auth/accounts.ts'
import { loginApplication } from '../../commands/parts/login-application.ts'
import type { Message } from '../../commands/parts/output.ts'
import type { SecretStore } from '../../engine/ports/secret-store.ts'
import { capturedOutput } from '../captured-output.ts'
import type { GivenOptions } from '../context.ts'
import type { HostServices } from '../services.ts'
import { addressesOf } from './registration.ts'
import { requireAccountName } from './sign-in-person.ts'

type Asked = ParamsOf<'accounts.signInApplication'>

/**
 * Keeps an application that signs in by itself, once it has. One that is there already gets what is new of it; its name
 * cannot be taken for another. Gives the file of a certificate that was made. Rejects as `holdfast login --app-only`.
 */
export async function signInApplication(
  services: HostServices,
  asked: Asked,
  signal: AbortSignal,
): Promise<string | null> {
  const { name, clientId, tenantId } = asked
  requireAccountName(name)
  const secrets = await services.secretStore()
  const before = await findAccount(secrets, name)
  const isSame = before?.kind === 'application' && before.clientId === clientId.trim() && isTenant(before, tenantId)
  const session = services.sessionFor({ signal, options: await optionsOf(services, asked) })
  let certificate: string | null = null
  const output = capturedOutput({
    object: (message) => {
      certificate = certificateIn(message) ?? certificate
    },
    remark: () => undefined,
  })
  const place = { name, clientId: clientId.trim(), ...addressesOf(asked.cloud, services.environment) }
  try {
    await loginApplication({ ...session, output }, place, isSame ? asIfNew(secrets, name) : secrets)
  } finally {
    await session.close()
  }
  return certificate
}

function isTenant({ tenantId }: { readonly tenantId: string }, asked: string): boolean {
  return tenantId.toLowerCase() === asked.trim().toLowerCase()
}

async function optionsOf({ profile, clock }: HostServices, asked: Asked): Promise<GivenOptions> {
  const { credential, tenantId, name } = asked
  const tenant = { 'office365-tenant-id': tenantId.trim() }
  switch (credential.kind) {
    case 'secret':
      return { ...tenant, 'office365-client-secret': credential.secret }
    case 'certificate': {
      const { file, password } = credential
      const more = password === null ? {} : { 'office365-certificate-password': password }
      return { ...tenant, 'office365-certificate-path': file, ...more }
    }
    case 'create-certificate': {
      const folder = join(profile, 'certificates')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '-')
      return { ...tenant, 'create-certificate': true, 'certificate-file': join(folder, `${name}-${time}.cer`) }
    }
  }
}

function certificateIn({ message_type: type, certificate }: Message): string | undefined {
  return type === 'account' && typeof certificate === 'string' ? certificate : undefined
}

/** The same place, which does not know the account yet: what is there stays until the new one has signed in. */
function asIfNew(secrets: SecretStore, name: string): SecretStore {
  const hiddenName = `account/${name.toLowerCase()}`
  return {
    get: (key) => (key === hiddenName ? Promise.resolve(undefined) : secrets.get(key)),
    set: (key, value) => secrets.set(key, value),
    delete: (key) => secrets.delete(key),
    list: (prefix) => secrets.list(prefix),
  }
}
