import { describe, expect, it } from 'vitest'
import { isAccountName, parseAccount, type ApplicationAccount } from '../../../src-main/auth/account.ts'
import {
  findAccount,
  listAccounts,
  readCredential,
  removeAccount,
  saveApplication,
} from '../../../src-main/auth/accounts.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { memorySecrets } from '../../support/memory-secrets.ts'
import { failure } from '../graph/client/test-graph.ts'

const account: ApplicationAccount = {
  kind: 'application',
  credential: 'secret',
  name: 'Work',
  tenantId: 'contoso.example',
  clientId: '33333333-0000-0000-0000-000000000000',
  loginBaseUrl: 'https://login.microsoftonline.us',
  graphBaseUrl: 'https://graph.microsoft.us',
}

describe('accounts', () => {
  it('are found however their name is written, and keep the secret apart', async () => {
    const secrets = memorySecrets()
    await saveApplication(secrets, account, { secret: 'hidden' })
    expect(await findAccount(secrets, 'WORK')).toEqual(account)
    expect(await listAccounts(secrets)).toEqual([account])
    expect(await readCredential(secrets, 'work')).toEqual({ secret: 'hidden' })
    expect(secrets.kept.get('account/work')).not.toContain('hidden')
    expect(await removeAccount(secrets, 'wOrK')).toBe(true)
    expect([secrets.kept.size, await removeAccount(secrets, 'work')]).toEqual([0, false])
  })

  it.each(['', 'no json', '[]', '{}', '{"kind":"application"}', JSON.stringify({ ...account, kind: 'person' })])(
    'are not made up from %s',
    async (text) => {
      const error = await failure(Promise.resolve().then(() => parseAccount(text)))
      expect(isEngineError(error, 'secrets.failed') && error.context.reason).toBe('not-readable')
    },
  )

  it.each(['', 'no json', '{}', '{"certificate":{"privateKey":"x"}}'])('sign in with no %s', async (text) => {
    const secrets = memorySecrets()
    await secrets.set('credential/work', text)
    expect(isEngineError(await failure(readCredential(secrets, 'work')), 'secrets.failed')).toBe(true)
  })

  it.each([
    ['work', true],
    ['ada@contoso.example', true],
    ['Büro-2_b.c', true],
    ['', false],
    ['-x', false],
    ['a b', false],
    ['a/b', false],
    ['a#b', false],
    ['x'.repeat(65), false],
  ])('may be called %s: %s', (name, may) => {
    expect(isAccountName(name)).toBe(may)
  })
})
