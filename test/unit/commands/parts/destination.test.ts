import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { saveApplication } from '../../../../src-main/auth/accounts.ts'
import { openSecretStore } from '../../../../src-main/commands/parts/account-option.ts'
import { readDestinationOptions } from '../../../../src-main/commands/parts/destination-options.ts'
import { guarded, openDestination, type Destination } from '../../../../src-main/commands/parts/destination.ts'
import { createSession, type Session } from '../../../../src-main/commands/parts/session.ts'
import { createLocalFolder } from '../../../../src-main/destinations/local-folder/local-folder.ts'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import { describeDestination } from '../../../support/destination-conformance.ts'
import { failure } from '../../graph/client/test-graph.ts'
import { parse, refusal } from './parsing.ts'
import { recordingOutput } from './recording-output.ts'

function sessionOf(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Session {
  const command = parse(args, environment)
  const { output } = recordingOutput({ json: false })
  return createSession({ command, environment, output, signal: new AbortController().signal })
}

const opened = (place: string, ...options: readonly string[]): Promise<Destination> =>
  openDestination(sessionOf(['init', place, ...options]), place)

const guardedFolder = (folder: string): Destination => guarded(createLocalFolder(folder))

describeDestination('what the command line opens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
  return Promise.resolve({
    store: (await opened(folder)).store,
    reopen: () => guardedFolder(folder).store,
    dispose: async () => {
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  })
})

describe('a destination', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('says in its errors where they happened', async () => {
    const { store } = await opened(`file://${folder}`)
    const error = { code: 'store.not-found', context: { place: folder } }
    await expect(store.get('config')).rejects.toMatchObject(error)
    await expect(store.size('config')).rejects.toMatchObject(error)
  })

  it('makes sure of the lock before it writes what refers to other files', async () => {
    const destination = await opened(folder)
    const { store } = destination
    await store.prepare()
    const confirmed: string[] = []
    const lost = new EngineError('repository.lock-lost')
    destination.guard({ confirm: () => Promise.reject(lost) })
    await store.put('data/ab/x', [Buffer.from('x')])
    await expect(store.put('index/x', [Buffer.from('x')])).rejects.toBe(lost)
    await expect(store.put('snapshots/x', [Buffer.from('x')])).rejects.toBe(lost)
    await expect(store.size('index/x')).rejects.toMatchObject({ code: 'store.not-found' })
    destination.guard({
      confirm: () => {
        confirmed.push('confirmed')
        return Promise.resolve()
      },
    })
    await store.put('index/x', [Buffer.from('x')])
    expect(confirmed).toEqual(['confirmed'])
    destination.guard(undefined)
    await store.put('index/y', [Buffer.from('y')])
    expect(confirmed).toEqual(['confirmed'])
  })
})

describe('how a destination is used', () => {
  const options = (...args: readonly string[]) => readDestinationOptions(sessionOf(['init', 'x', ...args]).values)

  it('is without limits unless they are given, in KiB a second', () => {
    expect(options()).toEqual({
      ...{ up: [], down: [], appendOnly: false },
      ...{ permanentDelete: false, cache: true, fragments: {} },
    })
    expect(options('--limit-upload', '500', '--limit-download', '0')).toMatchObject({
      up: [{ from: 0, up: 512_000 }],
      down: [{ from: 0 }],
    })
    expect(options('--limit-download', '8:00=100, 20:30=0')).toMatchObject({
      down: [{ from: 480, down: 102_400 }, { from: 1230 }],
    })
  })

  it('takes fragments, append-only, deleting for good and no cache', () => {
    const args = ['--fragment-size', '5MiB', '--fragment-retry-count=2', '--fragment-retry-delay=50']
    expect(options(...args, '--append-only', '--permanent-delete', '--no-cache')).toMatchObject({
      appendOnly: true,
      permanentDelete: true,
      cache: false,
      fragments: { size: 5 * 1024 * 1024, retryCount: 2, retryDelayMs: 50 },
    })
  })

  it.each(['fast', '8:00=', '24:00=1', '8:60=1', '5,6', '8:00=1,8:00=2', '5,8:00=1'])(
    'refuses the limit %s',
    async (text) => {
      expect(await refusal(() => options('--limit-upload', text))).toContain('--limit-upload takes KiB per second')
    },
  )

  it('adds only, when it is told so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
    try {
      const { store } = await opened(folder, '--append-only')
      await store.prepare()
      await store.put('data/ab/x', [Buffer.from('x')])
      await store.put('locks/x', [Buffer.from('x')])
      await store.remove('locks/x')
      await expect(store.remove('data/ab/x')).rejects.toMatchObject({
        code: 'store.append-only',
        context: { place: folder },
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('an account for a destination in Microsoft 365', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-destination-'))
    vi.stubEnv('HOLDFAST_VAULT_PASSPHRASE', 'the passphrase')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  async function openAt(place: string, names: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const session = sessionOf(['backup', place, '--vault', join(folder, 'vault')], environment)
    const secrets = await openSecretStore(session)
    for (const name of names)
      await saveApplication(
        secrets,
        {
          kind: 'application',
          name,
          tenantId: 'contoso.example',
          clientId: 'client',
          loginBaseUrl: 'https://login.microsoftonline.com',
          graphBaseUrl: 'https://graph.microsoft.com',
          credential: 'secret',
        },
        { secret: `secret of ${name}` },
      )
    try {
      await openDestination(session, place)
    } finally {
      await session.connections.close()
    }
    return session
  }

  it('is the one that authid names', async () => {
    const session = await openAt('onedrivev2://x?authid=two&user=ada', ['one', 'two'])
    expect(session.secrets).toEqual(new Set(['the passphrase', 'secret of two']))
    const unknown = await failure(openAt('onedrivev2://x?authid=nobody', ['one']))
    expect(unknown).toMatchObject({ code: 'auth.no-account', context: { account: 'nobody' } })
    expect(await refusal(() => openAt('onedrivev2://x?authid=a%2Fb', ['one']))).toContain('authid: "a/b" cannot be')
  })

  it('is otherwise the one that reads the source, or the only one', async () => {
    const application = {
      HOLDFAST_OFFICE365_TENANT_ID: 't',
      HOLDFAST_OFFICE365_CLIENT_ID: 'c',
      HOLDFAST_OFFICE365_CLIENT_SECRET: 'of the source',
    }
    expect((await openAt('onedrivev2://x?user=ada', ['one'], application)).secrets).toContain('of the source')
    expect((await openAt('onedrivev2://x?user=ada', ['one', 'two'], { HOLDFAST_ACCOUNT: 'two' })).secrets).toContain(
      'secret of two',
    )
    rmSync(join(folder, 'vault'))
    expect(await refusal(() => openAt('onedrivev2://x', []))).toContain('"holdfast login" adds one')
    expect((await openAt('onedrivev2://x', ['one'])).secrets).toContain('secret of one')
    expect(await refusal(() => openAt('onedrivev2://x', ['two']))).toContain('There are several accounts (one, two)')
    expect((await openAt('onedrivev2://x', ['default'])).secrets).toContain('secret of default')
  })
})
