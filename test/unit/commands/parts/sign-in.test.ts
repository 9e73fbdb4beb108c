import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PersonAccount } from '../../../../src-main/auth/account.ts'
import { saveAccount, saveApplication } from '../../../../src-main/auth/accounts.ts'
import { openSecretStore } from '../../../../src-main/commands/parts/account-option.ts'
import { createSession, type Session } from '../../../../src-main/commands/parts/session.ts'
import { signIn, signInAccount } from '../../../../src-main/commands/parts/sign-in.ts'
import { readSourceOptions } from '../../../../src-main/commands/parts/source-options.ts'
import { parse } from './parsing.ts'
import { recordingOutput } from './recording-output.ts'

const place = {
  tenantId: 'contoso.example',
  clientId: 'client',
  loginBaseUrl: 'https://login.microsoftonline.com',
  graphBaseUrl: 'https://graph.microsoft.com',
}
const person: PersonAccount = {
  ...place,
  kind: 'person',
  name: 'ada',
  method: 'browser',
  homeAccountId: 'ada.home',
  homeTenantId: 'HOME',
  username: 'ada@contoso.example',
  scopes: ['User.Read'],
}
const application = {
  HOLDFAST_OFFICE365_TENANT_ID: 'Contoso.Example',
  HOLDFAST_OFFICE365_CLIENT_ID: 'client',
  HOLDFAST_OFFICE365_CLIENT_SECRET: 'secret of the source',
}

describe('who signs in', () => {
  let folder: string
  let session: Session

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-sign-in-'))
    vi.stubEnv('HOLDFAST_VAULT_PASSPHRASE', 'the passphrase')
    const command = parse(['backup', '/repository', '--vault', join(folder, 'vault')], application)
    const { output } = recordingOutput({})
    session = createSession({ command, environment: {}, output, signal: new AbortController().signal })
    const secrets = await openSecretStore(session)
    await saveApplication(
      secrets,
      { ...place, kind: 'application', name: 'app', credential: 'secret' },
      { secret: 's' },
    )
    await saveAccount(secrets, person)
    await saveAccount(secrets, { ...person, name: 'guest', tenantId: 'fabrikam.example' })
  })
  afterEach(async () => {
    await session.connections.close()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  it('shares the client, and so the limits, with whoever is the same to Graph', async () => {
    const source = await signIn(session, readSourceOptions(session.values))
    const account = await signInAccount(session, 'app', 'authid')
    expect(account.client).toBe(source.client)
    expect([source.as, account.as, source.tenantId]).toEqual(['app', 'app', 'contoso.example'])
    expect(session.secrets).toContain('secret of the source')
  })

  it('has a client of its own otherwise, since its tokens are others', async () => {
    const source = await signIn(session, readSourceOptions(session.values))
    const own = await signInAccount(session, 'ada', 'authid')
    const guest = await signInAccount(session, 'guest', 'authid')
    expect(new Set([source.client, own.client, guest.client]).size).toBe(3)
    expect([own.as, own.tenantId]).toEqual(['person', 'home'])
    expect((await signInAccount(session, 'ada', '--account')).client).toBe(own.client)
  })
})
