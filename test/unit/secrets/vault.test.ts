import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SecretStore } from '../../../src-main/engine/ports/secret-store.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { openVault } from '../../../src-main/secrets/vault.ts'
import { failure } from '../graph/client/test-graph.ts'

const passphrase = 'the passphrase'
const writer = fileURLToPath(new URL('./vault-process.ts', import.meta.url))

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-vault-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'deeper', 'vault.json')
}

function open(path: string, text = passphrase): SecretStore {
  return openVault({ path, passphrase: () => Promise.resolve(text) })
}

async function told(work: Promise<unknown>): Promise<unknown> {
  const error = await failure(work)
  return isEngineError(error) ? [error.code, error.context.reason ?? error.context.errno] : error
}

describe('a vault file', () => {
  it('keeps, replaces, lists and forgets secrets', async () => {
    const path = await newPath()
    const vault = open(path)
    expect(await vault.get('account/a')).toBeUndefined()
    await vault.set('account/a', 'one')
    await vault.set('account/b', 'zwei ✓')
    await vault.set('tokens/a', 'x'.repeat(100_000))
    await vault.set('account/a', 'uno')
    const again = open(path)
    expect(await again.list('account/')).toEqual(['account/a', 'account/b'])
    expect([await again.get('account/a'), await again.get('account/b')]).toEqual(['uno', 'zwei ✓'])
    expect([await again.delete('account/a'), await again.delete('account/a')]).toEqual([true, false])
    expect(await vault.list('')).toEqual(['account/b', 'tokens/a'])
  })

  it('shows nothing of them, and belongs to its owner alone', async () => {
    const path = await newPath()
    await open(path).set('account/somebody', 'a secret that nobody reads')
    const text = await readFile(path, 'utf8')
    expect(text).not.toMatch(/somebody|secret|passphrase/)
    expect(JSON.parse(text)).toMatchObject({ 'holdfast-vault': 1, scrypt: { N: 131_072, r: 8, p: 1 } })
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(path, '..'))).toEqual(['vault.json'])
  })

  it('has another nonce each time', async () => {
    const path = await newPath()
    const vault = open(path)
    const nonces: unknown[] = []
    for (const value of ['a', 'a']) {
      await vault.set('account/a', value)
      nonces.push((JSON.parse(await readFile(path, 'utf8')) as { nonce: unknown }).nonce)
    }
    expect(nonces[0]).not.toBe(nonces[1])
  })

  it('asks for its passphrase once, and whether it is a new one', async () => {
    const path = await newPath()
    const asked: string[] = []
    const ask = (purpose: string): Promise<string> => {
      asked.push(purpose)
      return Promise.resolve(passphrase)
    }
    const vault = openVault({ path, passphrase: ask })
    await vault.set('account/a', 'one')
    await vault.set('account/b', 'two')
    await openVault({ path, passphrase: ask }).get('account/a')
    expect(asked).toEqual(['new', 'open'])
  })

  it('takes a passphrase however its accents were typed', async () => {
    const path = await newPath()
    await open(path, 'caf\u00e9').set('account/a', 'one')
    expect(await open(path, 'cafe\u0301').get('account/a')).toBe('one')
  })

  it('refuses a wrong passphrase, and keeps what it has', async () => {
    const path = await newPath()
    await open(path).set('account/a', 'one')
    expect(await told(open(path, 'another').get('account/a'))).toEqual(['secrets.vault-passphrase', undefined])
    expect(await told(open(path, 'another').set('account/a', 'two'))).toEqual(['secrets.vault-passphrase', undefined])
    expect(await open(path).get('account/a')).toBe('one')
  })

  it.each([
    ['a changed byte of the secrets', { data: (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1) }],
    ['another nonce', { nonce: () => Buffer.alloc(12, 7).toString('base64') }],
  ])('notices %s', async (_name, changes) => {
    const path = await newPath()
    await open(path).set('account/a', 'one')
    const file = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>
    for (const [name, change] of Object.entries(changes)) file[name] = change(file[name] ?? '')
    await writeFile(path, JSON.stringify(file))
    expect(await told(open(path).get('account/a'))).toEqual(['secrets.vault-passphrase', undefined])
  })

  it.each([
    ['no vault', 'hello', undefined],
    ['half a vault', '{"holdfast-vault":1,"scrypt":{"N":131072,', undefined],
    ['something of a later program', '{"holdfast-vault":2,"anything":{}}', 'version'],
    [
      'more memory than there is',
      '{"holdfast-vault":1,"scrypt":{"N":1073741824,"r":8,"p":1,"salt":"AA=="},"nonce":"","data":""}',
      undefined,
    ],
  ])('refuses %s', async (_name, text, reason) => {
    const path = join(await newPath(), '..', '..', 'vault.json')
    await writeFile(path, text)
    expect(await told(open(path).get('account/a'))).toEqual(['secrets.vault-damaged', reason])
    expect(await told(open(path).set('account/a', 'x'))).toEqual(['secrets.vault-damaged', reason])
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('tells that its folder cannot be used', async () => {
    const path = await newPath()
    await open(path).set('account/a', 'one')
    expect(await told(open(join(path, 'below')).get('account/a'))).toEqual(['secrets.vault-file', 'ENOTDIR'])
  })

  it('loses nothing when several processes write to it', async () => {
    const path = await newPath()
    await open(path).set('account/a', 'one')
    await Promise.all(['p', 'q', 'r'].map((name) => runWriter(path, name, 8)))
    const names = (await open(path).list('')).filter((name) => name !== 'account/a')
    expect(names).toHaveLength(24)
    expect(await readdir(join(path, '..'))).toEqual(['vault.json'])
  })

  it('goes on where another process died while it wrote', async () => {
    const path = await newPath()
    const vault = open(path)
    await vault.set('account/a', 'one')
    const dead = await deadProcess()
    await writeFile(`${path}.lock`, JSON.stringify({ host: hostname(), pid: dead, id: 'theirs' }))
    await vault.set('account/a', 'two')
    expect(await vault.get('account/a')).toBe('two')
    expect(await readdir(join(path, '..'))).toEqual(['vault.json'])
  })
})

async function runWriter(path: string, name: string, count: number): Promise<void> {
  const child = spawn(process.execPath, [writer, path, name, String(count)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(0)
}

/** The number of a process that is over. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('close', resolve))
  return child.pid ?? 0
}
