import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OptionValues } from '../../../../src-main/commands/parts/option-values.ts'
import { UsageError } from '../../../../src-main/commands/parts/usage-error.ts'
import { readPassphrase, vaultPassphrase } from '../../../../src-main/commands/parts/passphrase.ts'
import { failure } from '../../graph/client/test-graph.ts'

interface Given {
  readonly file?: string
  /** The file was named by the environment. */
  readonly byEnvironment?: boolean
  readonly variable?: string
  readonly typed?: readonly string[]
  readonly purpose?: 'open' | 'new'
}

describe('the passphrase of the vault', () => {
  let folder: string
  let file: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-vault-passphrase-'))
    file = join(folder, 'file')
    writeFileSync(file, '\ufeff in the file \r\nsecond line\n', { mode: 0o600 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function read({
    file: named,
    byEnvironment = false,
    variable,
    typed,
    purpose = 'open',
  }: Given): Promise<{ passphrase: string; warnings: string[] }> {
    const warnings: string[] = []
    const answers = [...(typed ?? [])]
    const option = { value: named, fromCommandLine: !byEnvironment }
    const passphrase = await readPassphrase(
      {
        values: new OptionValues(new Map(named === undefined ? [] : [['vault-passphrase-file', option]])),
        environment: variable === undefined ? {} : { HOLDFAST_VAULT_PASSPHRASE: variable },
        warn: (sentence) => warnings.push(sentence),
        ask: typed === undefined ? undefined : () => Promise.resolve(answers.shift() ?? ''),
      },
      purpose,
      vaultPassphrase,
    )
    return { passphrase, warnings }
  }

  const refusal = async (given: Given): Promise<string> => {
    const error = await failure(read(given))
    return error instanceof UsageError ? error.message : String(error)
  }

  it('comes from the file that the command line names, then from the environment, then from its file', async () => {
    expect((await read({ file, variable: 'given' })).passphrase).toBe(' in the file ')
    expect((await read({ file, byEnvironment: true, variable: 'given' })).passphrase).toBe('given')
    expect((await read({ file, byEnvironment: true })).passphrase).toBe(' in the file ')
  })

  it('is typed, a new one twice', async () => {
    expect((await read({ typed: ['one'] })).passphrase).toBe('one')
    expect((await read({ typed: ['one', 'one'], purpose: 'new' })).passphrase).toBe('one')
    expect(await refusal({ typed: ['one', 'two'], purpose: 'new' })).toContain('differ')
  })

  it('is never empty, and never made up', async () => {
    expect(await refusal({ typed: [''] })).toContain('is empty')
    expect(await refusal({ variable: '' })).toContain('is empty')
    expect(await refusal({})).toContain('set HOLDFAST_VAULT_PASSPHRASE')
    expect(await refusal({ file: join(folder, 'none') })).toContain('(ENOENT)')
  })

  it.skipIf(process.platform === 'win32')('comes with a warning from a file that others can read', async () => {
    chmodSync(file, 0o644)
    expect((await read({ file })).warnings).toEqual([expect.stringContaining('chmod 600')])
    chmodSync(file, 0o600)
    expect((await read({ file })).warnings).toEqual([])
  })
})
