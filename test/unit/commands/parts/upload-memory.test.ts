import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSecretStore } from '../../../../src-main/commands/parts/account-option.ts'
import { createSession, type Session } from '../../../../src-main/commands/parts/session.ts'
import { createUploadMemory } from '../../../../src-main/commands/parts/upload-memory.ts'
import { parse } from './parsing.ts'
import { recordingOutput } from './recording-output.ts'

const upload = { url: 'https://upload.example/secret-address', size: 20_000_000, digest: 'ab'.repeat(32) }

describe('uploads that broke off', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-uploads-'))
    vi.stubEnv('HOLDFAST_VAULT_PASSPHRASE', 'the passphrase')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  function call(): Session {
    const options = ['--vault', join(folder, 'vault'), '--profile', join(folder, 'profile')]
    const command = parse(['init', 'onedrivev2://x', ...options])
    const { output } = recordingOutput({})
    return createSession({ command, environment: {}, output, signal: new AbortController().signal })
  }

  it('are known to the next call, by a key that is kept with the accounts', async () => {
    const path = join(folder, 'profile', 'uploads', 'name')
    await createUploadMemory(call(), path).set('data/ab/x', upload)
    const next = call()
    const memory = createUploadMemory(next, path)
    expect(await memory.get('data/ab/x')).toEqual(upload)
    expect(readFileSync(path, 'latin1')).not.toContain('secret-address')
    const key = await (await openSecretStore(next)).get('upload-sessions')
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32)
    await memory.delete('data/ab/x')
    expect(await createUploadMemory(call(), path).get('data/ab/x')).toBeUndefined()
  })

  it('are not remembered where a secret cannot be kept, and nothing is looked for before', async () => {
    vi.stubEnv('HOLDFAST_VAULT_PASSPHRASE', '')
    const memory = createUploadMemory(call(), join(folder, 'profile', 'uploads', 'name'))
    await expect(memory.set('data/ab/x', upload)).rejects.toThrow('HOLDFAST_VAULT_PASSPHRASE is empty')
  })
})
