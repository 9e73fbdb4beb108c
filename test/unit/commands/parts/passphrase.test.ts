import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPassphrase } from '../../../../src-main/commands/parts/passphrase.ts'
import { refusal, valuesOf } from './parsing.ts'

describe('the passphrase', () => {
  let folder: string
  let file: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-passphrase-'))
    file = join(folder, 'file')
    writeFileSync(file, ' in the file \r\nsecond line\n', { mode: 0o600 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  interface Given {
    readonly args?: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
    readonly typed?: readonly string[]
    readonly purpose?: 'open' | 'new'
  }

  const read = async ({ args = [], environment = {}, typed, purpose = 'open' }: Given) => {
    const warnings: string[] = []
    const prompts: string[] = []
    const values = valuesOf(['snapshots', '/repo', ...args], environment)
    const answers = [...(typed ?? [])]
    const ask = async (prompt: string): Promise<string> => {
      prompts.push(prompt)
      return Promise.resolve(answers.shift() ?? '')
    }
    const warn = (sentence: string): void => void warnings.push(sentence)
    const place = { values, environment, warn, ask: typed === undefined ? undefined : ask }
    return { passphrase: await readPassphrase(place, purpose), warnings, prompts }
  }

  it('comes from the environment as it is', async () => {
    const environment = { HOLDFAST_PASSPHRASE: ' with spaces \n' }
    expect(await read({ environment, typed: ['typed'] })).toEqual({
      passphrase: ' with spaces \n',
      warnings: [],
      prompts: [],
    })
  })

  it('is the first line of a file, without the line break', async () => {
    expect(await read({ args: ['--passphrase-file', file] })).toMatchObject({
      passphrase: ' in the file ',
      warnings: [],
    })
    expect(await read({ environment: { HOLDFAST_PASSPHRASE_FILE: file } })).toMatchObject({
      passphrase: ' in the file ',
    })
  })

  it('comes from the file that was typed before the environment, and from the environment before its file', async () => {
    const environment = { HOLDFAST_PASSPHRASE: 'variable', HOLDFAST_PASSPHRASE_FILE: file }
    expect((await read({ args: ['--passphrase-file', file], environment })).passphrase).toBe(' in the file ')
    expect((await read({ environment })).passphrase).toBe('variable')
  })

  it('may be written by an editor on Windows', async () => {
    const odd = join(folder, 'windows')
    writeFileSync(odd, '\ufeffpäss\r\n', { mode: 0o600 })
    expect((await read({ args: ['--passphrase-file', odd] })).passphrase).toBe('päss')
    writeFileSync(odd, Buffer.from('\ufeffpäss\r\n', 'utf16le'))
    expect((await read({ args: ['--passphrase-file', odd] })).passphrase).toBe('päss')
    writeFileSync(odd, Buffer.of(0x70, 0xe4, 0x73))
    expect(await refusal(() => read({ args: ['--passphrase-file', odd] }))).toContain('is no text in UTF-8')
  })

  it('warns of a file that others can read', async () => {
    const open = join(folder, 'open')
    writeFileSync(open, 'x')
    chmodSync(open, 0o640)
    const { warnings } = await read({ args: ['--passphrase-file', open] })
    expect(warnings).toEqual([
      `Others can read the passphrase file ${open}: take the right from them with "chmod 600".`,
    ])
  })

  it('is asked for once to open, and twice for a new repository', async () => {
    expect(await read({ typed: ['typed'] })).toMatchObject({ passphrase: 'typed', prompts: { length: 1 } })
    const made = await read({ typed: ['new one', 'new one'], purpose: 'new' })
    expect(made).toMatchObject({ passphrase: 'new one', prompts: { length: 2 } })
    expect(await refusal(() => read({ typed: ['new one', 'other'], purpose: 'new' }))).toContain(
      'The two passphrases differ',
    )
  })

  it('is never empty', async () => {
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\nsecond line\n', { mode: 0o600 })
    expect(await refusal(() => read({ environment: { HOLDFAST_PASSPHRASE: '' } }))).toContain(
      'HOLDFAST_PASSPHRASE is empty',
    )
    expect(await refusal(() => read({ args: ['--passphrase-file', empty] }))).toContain(`${empty} is empty`)
    expect(await refusal(() => read({ typed: [''] }))).toContain('The passphrase is empty')
    expect(await refusal(() => read({ typed: ['', ''], purpose: 'new' }))).toContain('The passphrase is empty')
  })

  it('says what to do when there is none', async () => {
    expect(await refusal(() => read({}))).toBe(
      'There is no terminal to ask for the passphrase: set HOLDFAST_PASSPHRASE, or name a file with --passphrase-file.',
    )
    const missing = join(folder, 'missing')
    expect(await refusal(() => read({ args: ['--passphrase-file', missing] }))).toBe(
      `The passphrase file ${missing} cannot be read (ENOENT): check --passphrase-file.`,
    )
    expect(await refusal(() => read({ environment: { HOLDFAST_PASSPHRASE_FILE: missing } }))).toContain(
      'check HOLDFAST_PASSPHRASE_FILE',
    )
  })
})
