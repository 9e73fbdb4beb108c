import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { acquireLock } from '../../../src-main/engine/repository/locks.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { systemClock } from '../../support/system-clock.ts'
import { keyPem, makeCertificate, pkcs12 } from '../../unit/auth/certificates.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { PASSPHRASE, requireCode, summaryOf, Workplace, type Finished } from './program.ts'

const ada = { userPrincipalName: 'ada@contoso.example', displayName: 'Ada' }

/** The one line that says why nothing was done. */
function sentence(finished: Finished, code: number): string {
  requireCode(finished, code)
  expect(finished.stdout).toBe('')
  const lines = finished.stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^holdfast: .*\.$/)
  return lines[0] ?? ''
}

describe('the command line says in one sentence why it does not go on', () => {
  let simulator: GraphSimulator
  let place: Workplace
  let damaged: Workplace | undefined
  const released: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const messages = [{ folder: 'inbox', mime: mail('Hello') }]
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [{ ...ada, messages }] } })
    place = new Workplace(simulator)
    await place.init()
    requireCode(await place.run(['backup', place.repository]), 0)
  })
  afterEach(async () => {
    for (const release of released.splice(0)) await release()
  })
  afterAll(async () => {
    damaged?.remove()
    place.remove()
    await simulator.close()
  })

  const hold = async (exclusive: boolean): Promise<void> => {
    const { store, sealer } = await openRepository({
      store: createLocalFolder(place.repository),
      passphrase: PASSPHRASE,
    })
    const lock = await acquireLock({ store, sealer, clock: systemClock, exclusive })
    released.push(() => lock.release())
  }

  /** Commands that read packs: a prune beside them would take what they are about to read. */
  const reading = (): readonly (readonly string[])[] => [
    ['cat', place.repository, 'latest', '.holdfast/run.json'],
    ['dump', place.repository, 'latest', '.holdfast', '--to', place.path(`dump ${String(targets++)}`)],
    ['diff', place.repository, 'latest', 'latest'],
    ['export', place.repository, 'latest', '--format', 'zip', '--to', place.path(`export ${String(targets++)}`)],
  ]
  let targets = 0

  it('a second init', async () => {
    expect(sentence(await place.run(['init', place.repository]), 1)).toContain('There is a repository in')
  })

  it.each(['backup', 'snapshots', 'check', 'unlock'])('%s with a wrong passphrase', async (command) => {
    const env = { HOLDFAST_PASSPHRASE: 'wrong passphrase' }
    const said = sentence(await place.run([command, place.repository], { env }), 12)
    expect(said).toContain(`does not open the repository in ${place.repository}`)
  })

  it('ls, find and restore with a wrong passphrase', async () => {
    const env = { HOLDFAST_PASSPHRASE: 'wrong passphrase' }
    const target = `--restore-path=${place.path('never')}`
    sentence(await place.run(['ls', place.repository, 'latest'], { env }), 12)
    sentence(await place.run(['find', place.repository, 'hello'], { env }), 12)
    sentence(await place.run(['restore', place.repository, 'latest', target], { env }), 12)
  })

  it.each(['backup', 'snapshots', 'check', 'unlock'])('%s where no repository is', async (command) => {
    const said = sentence(await place.run([command, place.path('elsewhere')]), 10)
    expect(said).toContain(`There is no repository in ${place.path('elsewhere')}`)
  })

  it('an error as an object with --json, and nothing else', async () => {
    const failed = await place.json(['snapshots', place.path('elsewhere')])
    expect(failed).toMatchObject({ code: 10, stderr: '' })
    expect(failed.messages).toEqual([
      {
        message_type: 'error',
        error: { message: expect.stringContaining('There is no repository') as string },
        code: 'repository.not-found',
        exit_code: 10,
      },
    ])
  })

  it('a repository that somebody else has locked, until the lock is removed', async () => {
    await hold(true)
    const target = `--restore-path=${place.path('never')}`
    for (const args of [['backup', place.repository], ['restore', place.repository, 'latest', target], ...reading()])
      expect(sentence(await place.run(args), 11)).toContain(`locked by process ${process.pid} on`)
    const kept = await place.run(['unlock', place.repository])
    expect(kept).toMatchObject({ code: 0, stdout: 'There was no lock to remove.\n' })
    expect(summaryOf(await place.json(['unlock', place.repository, '--remove-all']))).toMatchObject({
      locks_removed: 1,
    })
    requireCode(await place.run(['backup', place.repository]), 0)
  })

  it('what reads goes on beside a run, and leaves no lock', async () => {
    await hold(false)
    for (const args of reading()) requireCode(await place.run(args), 0)
    expect(readdirSync(place.path('repository', 'locks'))).toHaveLength(1)
  })

  it.each([0, 1, 2, 3])('what reads waits for a lock as long as it is told (%i)', async (at) => {
    await hold(true)
    const [release] = released.splice(0)
    let told = ''
    const running = place.run([...(reading()[at] ?? []), '--retry-lock', '5m'], {
      onError: (line) => {
        told += line
        if (line.includes('trying again')) void release?.()
      },
    })
    requireCode(await running, 0)
    expect(told).toContain('The repository is locked; trying again')
  })

  it('a check while somebody else uses the repository, who may do so beside a backup', async () => {
    await hold(false)
    sentence(await place.run(['check', place.repository]), 11)
    requireCode(await place.run(['backup', place.repository]), 0)
  })

  it('waits for a lock as long as it is told', async () => {
    await hold(true)
    const [release] = released.splice(0)
    let told = ''
    const running = place.run(['backup', place.repository, '--retry-lock', '5m'], {
      onError: (line) => {
        told += line
        if (line.includes('trying again')) void release?.()
      },
    })
    requireCode(await running, 0)
    expect(told).toContain('The repository is locked; trying again')
  })

  it('a Graph and a sign-in that cannot be reached', async () => {
    // Nobody listens there, and no program gets that port by chance.
    const closed = 'http://127.0.0.1:1'
    const noSignIn = await place.run(['backup', place.repository], {
      env: { HOLDFAST_OFFICE365_LOGIN_BASE_URL: closed },
    })
    expect(sentence(noSignIn, 1)).toContain(`The sign-in service at ${closed} cannot be reached`)
    const scope = 'https://graph.microsoft.com/.default'
    const env = { HOLDFAST_OFFICE365_GRAPH_BASE_URL: closed, HOLDFAST_OFFICE365_SCOPE: scope }
    const noGraph = await place.run(['backup', place.repository], { env })
    expect(sentence(noGraph, 1)).toContain(`Microsoft Graph at ${closed} cannot be reached`)
  })

  it('a wrong secret, an unknown application', async () => {
    const run = (env: Readonly<Record<string, string>>): Promise<Finished> =>
      place.run(['backup', place.repository], { env })
    expect(sentence(await run({ HOLDFAST_OFFICE365_CLIENT_SECRET: 'not the secret' }), 1)).toContain(
      'refused the client secret',
    )
    const client = '00000000-0000-0000-0000-000000000000'
    expect(sentence(await run({ HOLDFAST_OFFICE365_CLIENT_ID: client }), 1)).toContain('does not know this application')
  })

  it('a bad certificate', async () => {
    const own = makeCertificate('holdfast')
    const files = { text: 'not PEM', key: keyPem(own), locked: `${own.certificate}${keyPem(own, 'right')}` }
    for (const [name, content] of Object.entries(files)) writeFileSync(place.path(`${name}.pem`), content)
    writeFileSync(place.path('locked.pfx'), pkcs12(own, 'right'))
    const run = (file: string, more: Readonly<Record<string, string>> = {}): Promise<Finished> =>
      place.run(['backup', place.repository, '--office365-certificate-path', place.path(file)], {
        env: { HOLDFAST_OFFICE365_CLIENT_SECRET: '', ...more },
      })
    const wrong = { HOLDFAST_OFFICE365_CERTIFICATE_PASSWORD: 'wrong' }
    expect(sentence(await run('missing.pem'), 1)).toContain(`no certificate file at ${place.path('missing.pem')}`)
    expect(sentence(await run('text.pem'), 1)).toContain('neither PEM nor PKCS#12')
    expect(sentence(await run('key.pem'), 1)).toContain('has no certificate')
    expect(sentence(await run('locked.pem'), 1)).toContain('is protected by a password')
    expect(sentence(await run('locked.pem', wrong), 1)).toContain('The password does not open the certificate file')
    expect(sentence(await run('locked.pfx', wrong), 1)).toContain('The password does not open the certificate file')
  })

  it('a certificate that is not registered', async () => {
    const own = makeCertificate('unknown')
    writeFileSync(place.path('own.pem'), own.certificate + keyPem(own))
    const args = ['backup', place.repository, '--office365-certificate-path', place.path('own.pem')]
    const failed = await place.run(args, { env: { HOLDFAST_OFFICE365_CLIENT_SECRET: '' } })
    expect(sentence(failed, 1)).toContain('Microsoft does not know this certificate')
  })

  it('a place that can be no folder', async () => {
    const file = place.path('a-file')
    writeFileSync(file, '')
    expect(sentence(await place.run(['init', join(file, 'repository')]), 1)).toContain('cannot be used (ENOTDIR)')
    const target = `--restore-path=${join(file, 'restored')}`
    const failed = await place.run(['restore', place.repository, 'latest', target])
    expect(sentence(failed, 1)).toContain(`${join(file, 'restored')} cannot be used (ENOTDIR)`)
  })

  it.skipIf(process.getuid?.() === 0)(
    'a folder of somebody else (skipped for root, who may do everything)',
    async () => {
      const folder = place.path('not-mine')
      mkdirSync(folder, { mode: 0o500 })
      expect(sentence(await place.run(['init', join(folder, 'repository')]), 1)).toContain('is denied')
      chmodSync(folder, 0o700)
    },
  )

  it('damage that a check finds', async () => {
    damaged = new Workplace(simulator)
    await damaged.init()
    requireCode(await damaged.run(['backup', damaged.repository]), 0)
    const store = createLocalFolder(damaged.repository)
    for await (const { name } of store.list('data')) {
      const path = join(damaged.repository, name)
      const bytes = readFileSync(path)
      bytes[10] = (bytes[10] ?? 0) ^ 1
      chmodSync(path, 0o600)
      writeFileSync(path, bytes)
    }
    const failed = await damaged.run(['check', damaged.repository, '--read-data'])
    requireCode(failed, 1)
    expect(failed.stdout).toMatch(/^(pack|data) [0-9a-f]{8}: the (pack file|stored data) is damaged/)
    expect(failed.stdout).toMatch(/^\d+ problems? found\.$/m)
    for await (const { name } of store.list('data')) rmSync(join(damaged.repository, name))
    const missing = await damaged.json(['check', damaged.repository])
    requireCode(missing, 1)
    expect(missing.messages[0]).toMatchObject({ message_type: 'error', code: 'repository.pack-missing' })
  })

  it('what does not fit together, before anything is opened', async () => {
    const elsewhere = place.path('elsewhere')
    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
      place.run(args, { env })
    expect(sentence(await run(['backup', elsewhere], { HOLDFAST_OFFICE365_TENANT_ID: '' }), 2)).toContain(
      '--office365-tenant-id',
    )
    expect(sentence(await run(['backup', elsewhere, '--office365-included-user-types=Mailbox,Mail']), 2)).toContain(
      'there is Profile, Mailbox',
    )
    expect(sentence(await run(['backup', 'msgroup://x/y']), 2)).toContain('The destination names no group')
    expect(sentence(await run(['backup', elsewhere, '--include', 'type:mails']), 2)).toContain('is no type; there is')
    expect(sentence(await run(['backup', elsewhere, '--exclude', 'size>big']), 2)).toContain('takes a size like')
    expect(sentence(await run(['restore', elsewhere, 'latest']), 2)).toContain('--restore-path')
    expect(sentence(await run(['init', elsewhere], { HOLDFAST_PASSPHRASE: '' }), 2)).toContain(
      'HOLDFAST_PASSPHRASE is empty',
    )
    const plainHttp = { HOLDFAST_OFFICE365_GRAPH_BASE_URL: 'http://graph.example' }
    expect(sentence(await run(['backup', elsewhere], plainHttp), 2)).toContain('must begin with https://')
  })

  it('warns of secrets that others can see, and does not repeat them', async () => {
    const secret = simulator.clientSecret
    const env = { HOLDFAST_OFFICE365_CLIENT_SECRET: '' }
    const args = [
      'backup',
      place.repository,
      '--office365-client-secret',
      secret,
      '--verbose',
      '--office365-client-id=x',
    ]
    const failed = await place.run(args, { env })
    requireCode(failed, 1)
    expect(failed.stderr).toContain('--office365-client-secret shows in the list of processes')
    expect(failed.stderr).toContain('EngineError: auth.failed')
    expect(failed.stderr).not.toContain(secret)
  })

  it('a passphrase file that others can read is used, with a warning', async () => {
    const file = place.path('passphrase')
    writeFileSync(file, `${PASSPHRASE}\nsecond line\n`)
    chmodSync(file, 0o644)
    const done = await place.run(['snapshots', place.repository, '--passphrase-file', file])
    requireCode(done, 0)
    expect(done.stderr).toContain(`Others can read the passphrase file ${file}`)
    chmodSync(file, 0o600)
    expect(await place.run(['snapshots', place.repository, '--passphrase-file', file])).toMatchObject({ stderr: '' })
  })
})
