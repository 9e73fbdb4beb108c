import { Command, Option } from 'commander'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requireAccount } from '../../../../src-main/auth/accounts.ts'
import {
  accountOptions,
  defineAccounts,
  defineLogin,
  defineLogout,
} from '../../../../src-main/commands/parts/account-syntax.ts'
import { chosenAccount, openSecretStore, readAccountName } from '../../../../src-main/commands/parts/account-option.ts'
import { accounts } from '../../../../src-main/commands/accounts.ts'
import { login } from '../../../../src-main/commands/login.ts'
import { logout } from '../../../../src-main/commands/logout.ts'
import { readOptionValues } from '../../../../src-main/commands/parts/option-values.ts'
import { createSession, type Session } from '../../../../src-main/commands/parts/session.ts'
import { UsageError } from '../../../../src-main/commands/parts/usage-error.ts'
import { isEngineError } from '../../../../src-main/engine/model/errors.ts'
import { failure } from '../../graph/client/test-graph.ts'
import { recordingOutput, type RecordingOutput } from './recording-output.ts'

const client = ['--office365-client-id', '33333333-0000-0000-0000-000000000000']
const tenant = ['--office365-tenant-id', 'contoso.example']
const source = (): Option[] =>
  ['client-id <id>', 'tenant-id <id>', 'client-secret <secret>', 'certificate-path <file>'].map(
    (option) => new Option(`--office365-${option}`),
  )

let folder: string
let vault: readonly string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-login-'))
  vault = ['--vault', join(folder, 'vault.json')]
  vi.stubEnv('HOLDFAST_VAULT_PASSPHRASE', 'the passphrase')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

interface Call extends RecordingOutput {
  readonly session: Session
}

function call(define: (command: Command) => unknown, args: readonly string[], json = false): Call {
  const command = new Command('holdfast').exitOverride()
  define(command)
  command.parse([...args], { from: 'user' })
  const recorded = recordingOutput({ json })
  const parsed = { name: 'permissions', args: [], values: readOptionValues(command, {}) } as const
  const { signal } = new AbortController()
  return { ...recorded, session: createSession({ command: parsed, environment: {}, output: recorded.output, signal }) }
}

const callLogin = (args: readonly string[], json = false): Call =>
  call((command) => defineLogin(command, source()), [...args, ...vault], json)

async function refusal(args: readonly string[]): Promise<string> {
  const error = await failure(login(callLogin(args).session))
  return error instanceof UsageError ? error.message : String(error)
}

describe('signing an application in with a certificate that is made for it', () => {
  const create = (): readonly string[] => [
    '--app-only',
    '--create-certificate',
    '--certificate-file',
    join(folder, 'own.pem'),
    '--account',
    'firm',
    ...client,
    ...tenant,
  ]

  it('writes the public part, keeps the key, and says what to do with both', async () => {
    const { session, lines } = callLogin([...create(), '--types', 'mail'])
    expect(await login(session)).toBe(0)
    const text = lines.join('')
    expect(text).toContain(`upload ${join(folder, 'own.pem')}`)
    expect(text).toMatch(/\n {3}Mail\.Read +read mail\n/)
    expect(text).toContain('holdfast permissions --account firm')
    const written = await readFile(join(folder, 'own.pem'), 'utf8')
    expect(written).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect(written).not.toContain('KEY')
    const account = await requireAccount(await openSecretStore(session), 'firm')
    expect(account).toMatchObject({ kind: 'application', credential: 'certificate', tenantId: 'contoso.example' })
  })

  it('tells a program the same', async () => {
    const { session, objects } = callLogin([...create(), '--types', 'mail'], true)
    await login(session)
    expect(objects).toContainEqual({ message_type: 'permission', name: 'Mail.Read', for: ['read mail'] })
    expect(objects.at(-1)).toMatchObject({
      message_type: 'account',
      account: 'firm',
      thumbprint_sha1: expect.any(String) as unknown,
    })
  })

  it('takes the place of no account and of no file', async () => {
    await login(callLogin(create()).session)
    const taken = await failure(login(callLogin(create()).session))
    expect(isEngineError(taken, 'auth.account-taken') && taken.context.account).toBe('firm')
    await writeFile(join(folder, 'other.cer'), 'mine')
    const other = [...create(), '--account', 'other', '--certificate-file', join(folder, 'other.cer')]
    expect(await refusal(other)).toContain('is there already')
    expect(await readFile(join(folder, 'other.cer'), 'utf8')).toBe('mine')
    const { session, lines } = call(defineAccounts, vault)
    await accounts(session)
    expect(lines).toEqual(['firm  application 33333333-0000-0000-0000-000000000000  contoso.example  by certificate\n'])
  })

  it('is forgotten by logging out, once', async () => {
    await login(callLogin(create()).session)
    expect(await logout(call(defineLogout, ['--account', 'Firm', ...vault]).session)).toBe(0)
    const gone = await failure(logout(call(defineLogout, ['--account', 'firm', ...vault]).session))
    expect(isEngineError(gone, 'auth.no-account')).toBe(true)
  })
})

describe('options that do not fit', () => {
  it.each([
    ['no application', ['--app-only'], '--office365-client-id'],
    ['no tenant', ['--app-only', ...client], '--office365-tenant-id'],
    ['many tenants', ['--app-only', ...client, '--office365-tenant-id', 'common'], '--office365-tenant-id'],
    ['nothing to sign in with', ['--app-only', ...client, ...tenant], '--create-certificate'],
    ['a certificate for a person', ['--create-certificate', ...client], '--app-only'],
    ['a device for an application', ['--app-only', '--device-code', ...client], '--device-code'],
    ['a file for nothing', ['--certificate-file', 'x.cer', ...client], '--create-certificate'],
    ['a strange name', ['--account', 'a/b', ...client], '"a/b" cannot be the name of an account'],
    [
      'two things to sign in with',
      ['--app-only', '--create-certificate', '--office365-client-secret', 'x', ...client, ...tenant],
      'give no secret',
    ],
  ])('%s', async (_name, args, words) => {
    expect(await refusal(args)).toContain(words)
    await failure(access(join(folder, 'vault.json')))
  })
})

describe('--account', () => {
  const choose = (args: readonly string[]): Session =>
    call(
      (command) => {
        for (const option of accountOptions()) command.addOption(option)
      },
      [...args, ...vault],
    ).session

  it('is not needed', async () => {
    expect(await chosenAccount(choose([]))).toBeUndefined()
    expect(readAccountName(choose([]))).toBe('default')
  })

  it('names an account that is there', async () => {
    const error = await failure(chosenAccount(choose(['--account', 'nobody'])))
    expect(isEngineError(error, 'auth.no-account') && error.context.account).toBe('nobody')
  })
})
