import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../src-main/destinations/local-folder/local-folder.ts'
import { createSealer, randomSealingKey } from '../../src-main/engine/crypto/seal.ts'
import { isHexId, type HexId } from '../../src-main/engine/model/ids.ts'
import type { Clock } from '../../src-main/engine/ports/clock.ts'
import type { DestinationStore } from '../../src-main/engine/ports/destination-store.ts'
import { loadConfig, newConfig, saveConfig } from '../../src-main/engine/repository/config.ts'
import { addKey, listKeys, openKey, removeKey } from '../../src-main/engine/repository/keys.ts'
import { listLocks, newLock, removeLocks, thisProcess } from '../../src-main/engine/repository/lock-files.ts'
import { acquireLock } from '../../src-main/engine/repository/locks.ts'
import { listSnapshots, resolveSnapshot, saveSnapshot } from '../../src-main/engine/repository/snapshots.ts'
import { decodeTree, encodeTree } from '../../src-main/engine/repository/tree-json.ts'
import { loadUnpacked } from '../../src-main/engine/repository/unpacked-file.ts'
import { expectCode } from '../support/destination-conformance.ts'

const run = promisify(execFile)
const PASSPHRASE = 'correct horse 😀'
const clock: Clock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
}

const version = spawnSync('restic', ['version'], { encoding: 'utf8' })
const hasRestic = version.status === 0
process.stderr.write(hasRestic ? `judged by ${version.stdout}` : 'skipped: restic is not installed\n')

describe.skipIf(!hasRestic)('the small files of a repository, beside restic', () => {
  let folder: string
  let store: DestinationStore
  const children: ChildProcess[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-'))
    store = createLocalFolder(join(folder, 'repository'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  const restic = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
    return (await run('restic', ['-r', store.location, '--no-cache', ...args], { env })).stdout
  }

  describe('made by restic', () => {
    let made: string

    beforeAll(async () => {
      made = await mkdtemp(join(tmpdir(), 'holdfast-made-'))
      const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
      await run('restic', ['-r', made, '--no-cache', 'init', '--repository-version', '2'], { env })
    })
    beforeEach(() => cp(made, store.location, { recursive: true }))
    afterAll(() => rm(made, { recursive: true }))

    it('open: key and config', async () => {
      const key = await openKey(store, PASSPHRASE)
      const config = await loadConfig(store, createSealer(key))
      const judged = JSON.parse(await restic('cat', 'config')) as { id: string; chunker_polynomial: string }
      expect(config).toEqual({ version: 2, id: judged.id, chunkerPolynomial: judged.chunker_polynomial })
      await expectCode(openKey(store, 'wrong'), 'repository.wrong-passphrase')
      const { keys, damaged } = await listKeys(store)
      expect(keys.map(({ id }) => id)).toEqual([key.id])
      expect(damaged).toEqual([])
    })

    it('are refused in version 1', async () => {
      const old = createLocalFolder(join(folder, 'old'))
      const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
      await run('restic', ['-r', old.location, '--no-cache', 'init', '--repository-version', '1'], { env })
      const key = await openKey(old, PASSPHRASE)
      const error = await expectCode(loadConfig(old, createSealer(key)), 'repository.version')
      expect(error.context).toEqual({ version: 1 })
    })

    it('open: snapshots, index and every tree, which are written again byte for byte', async () => {
      await makeSource(join(folder, 'source'))
      await restic('backup', '--tag', 'one', '--host', 'there', join(folder, 'source'))
      const sealer = createSealer(await openKey(store, PASSPHRASE))
      const { snapshots, damaged } = await listSnapshots(store, sealer)
      expect(damaged).toEqual([])
      expect(snapshots).toMatchObject([{ hostname: 'there', tags: ['one'], paths: [join(folder, 'source')] }])
      const latest = await resolveSnapshot(store, sealer, 'latest', { host: 'there' })
      const [listed] = JSON.parse(await restic('snapshots', '--json')) as { id: string; time: string; tree: string }[]
      expect(latest).toMatchObject(listed === undefined ? {} : { id: listed.id, time: listed.time, tree: listed.tree })

      const trees: HexId[] = []
      for (const id of (await restic('list', 'index')).trim().split('\n')) {
        const index = (await loadUnpacked(store, sealer, `index/${id}`)) as IndexFile
        for (const { blobs } of index.packs) for (const blob of blobs) if (blob.type === 'tree') trees.push(blob.id)
      }
      const names: string[] = []
      for (const id of trees) {
        const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
        const args = ['-r', store.location, '--no-cache', 'cat', 'blob', id]
        const { stdout } = await run('restic', args, { env, encoding: 'buffer' })
        const tree = decodeTree(stdout)
        names.push(...tree.nodes.map(({ name }) => name))
        expect(encodeTree(tree).toString()).toBe(stdout.toString())
      }
      for (const name of NAMES) expect(names).toContain(name)
      expect(names).toContain('raw \udcff\udcfe')
    })

    it('are locked against each other', async () => {
      const sealer = createSealer(await openKey(store, PASSPHRASE))
      const exclusive = await acquireLock({ store, sealer, clock, exclusive: true })
      await expect(restic('snapshots')).rejects.toThrow(/already locked exclusively by PID/)
      await exclusive.release()
      const shared = await acquireLock({ store, sealer, clock, exclusive: false })
      await restic('snapshots')
      await expect(restic('check')).rejects.toThrow(/already locked by PID/)
      await shared.release()
      await restic('check')
    })

    it('show locks that restic holds and leaves', async () => {
      const sealer = createSealer(await openKey(store, PASSPHRASE))
      // Reads from a pipe that nobody closes: restic holds its lock until it is ended.
      const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
      const args = ['-r', store.location, '--no-cache', 'backup', '--stdin', '--stdin-filename', 'x']
      const child = spawn('restic', args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
      children.push(child)
      const { locks } = await firstLocks(store, sealer)
      expect(locks).toMatchObject([{ exclusive: false, pid: child.pid }])
      const error = await expectCode(acquireLock({ store, sealer, clock, exclusive: true }), 'repository.locked')
      expect(error.context).toMatchObject({ pid: child.pid, exclusive: false, ageMinutes: 0 })
      await (await acquireLock({ store, sealer, clock, exclusive: false })).release()
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect((await listLocks(store, sealer)).locks.length).toBe(1)
      await (await acquireLock({ store, sealer, clock, exclusive: true })).release()
      expect((await listLocks(store, sealer)).locks).toEqual([])
    })
  })

  describe('made here', () => {
    const key = randomSealingKey()
    const sealer = createSealer(key)
    const config = newConfig()

    beforeEach(async () => {
      await store.prepare()
      await addKey(store, key, PASSPHRASE, { cost: { N: 1024, r: 8, p: 1 } })
      await saveConfig(store, sealer, config)
    })

    it('open: config and keys', async () => {
      const judged = JSON.parse(await restic('cat', 'config')) as object
      expect(judged).toEqual({ version: 2, id: config.id, chunker_polynomial: config.chunkerPolynomial })
      const second = await addKey(store, key, 'second', { username: 'anna', hostname: 'desk' })
      expect(await restic('key', 'list')).toMatch(new RegExp(`${second.slice(0, 8)} +anna +desk`))
      const current = await openKey(store, PASSPHRASE)
      await removeKey(store, second, current.id)
      expect(await restic('key', 'list')).not.toContain(second.slice(0, 8))
      await restic('check')
    })

    it('take a key that restic adds', async () => {
      await writeFile(join(folder, 'new'), 'added by restic')
      await restic('key', 'add', '--new-password-file', join(folder, 'new'))
      const opened = await openKey(store, 'added by restic')
      expect(Buffer.from(opened.encrypt).equals(key.encrypt)).toBe(true)
    })

    it('show their snapshots', async () => {
      const snapshot = {
        time: '2026-05-01T10:20:30.500Z',
        tree: 'ab'.repeat(32) as HexId,
        paths: ['/users'],
        hostname: 'contoso.example',
        username: 'anna',
        tags: ['holdfast'],
      }
      const id = await saveSnapshot(store, sealer, snapshot)
      const [listed] = JSON.parse(await restic('snapshots', '--json')) as object[]
      expect(listed).toMatchObject({ ...snapshot, time: '2026-05-01T10:20:30.5Z', id })
    })

    it('show their locks, which restic unlock leaves while they are held and takes when they are not', async () => {
      const held = await acquireLock({ store, sealer, clock, exclusive: true })
      const [name] = await readdir(join(store.location, 'locks'))
      expect(await restic('list', 'locks', '--no-lock')).toBe(`${name ?? ''}\n`)
      const shown = JSON.parse(await restic('cat', 'lock', name ?? '', '--no-lock')) as object
      const { hostname, username, pid } = thisProcess()
      expect(shown).toMatchObject({ exclusive: true, hostname, username, pid })
      // Sends SIGHUP to this process, which must live on.
      await restic('unlock')
      expect(await readdir(join(store.location, 'locks'))).toEqual([name])
      await held.release()

      const ended = { ...thisProcess(), pid: spawnSync('true').pid }
      const stale = newLock(sealer, ended, true, Date.now())
      await store.put(`locks/${stale.id}`, [stale.bytes])
      expect(await restic('unlock')).toContain('successfully removed')
      expect(await readdir(join(store.location, 'locks'))).toEqual([])
    })

    it('lose their stale locks by either program', async () => {
      const old = newLock(sealer, { ...thisProcess(), hostname: 'elsewhere' }, true, Date.now() - 31 * 60_000)
      await store.put(`locks/${old.id}`, [old.bytes])
      await expect(restic('snapshots')).rejects.toThrow(/already locked/)
      expect(await removeLocks(store, sealer, { all: false, now: Date.now() })).toBe(1)
      await restic('snapshots')
    })
  })
})

interface IndexFile {
  readonly packs: readonly { readonly blobs: readonly { readonly id: HexId; readonly type: string }[] }[]
}

const NAMES = [
  'plain.eml',
  'a<b>&c',
  'tab\tnewline\n',
  'quote"back\\slash\'',
  'non\u00a0breaking soft\u00adhyphen zero\u200dwidth line\u2028end',
  'Grüße 日本語 😀 \u{1f469}\u200d\u{1f680}',
  '\u{e0001}tag',
  '\ufffd',
  'control\x01\x7f',
]

/** Files with names, times and modes that are hard to write as restic does. */
async function makeSource(path: string): Promise<void> {
  await mkdir(join(path, 'folder', 'empty'), { recursive: true })
  for (const [at, name] of NAMES.entries()) await writeFile(join(path, 'folder', name), 'x'.repeat(at))
  await writeFile(Buffer.concat([Buffer.from(join(path, 'raw ')), Buffer.of(0xff, 0xfe)]), 'x')
  await utimes(join(path, 'folder', 'plain.eml'), 1.5, 1_700_000_000)
  await symlink('target & <more>', join(path, 'link'))
}

/** The locks, as soon as there are any. */
async function firstLocks(
  store: DestinationStore,
  sealer: Parameters<typeof listLocks>[1],
): ReturnType<typeof listLocks> {
  for (;;) {
    const found = await listLocks(store, sealer)
    if (found.locks.every(({ id }) => isHexId(id)) && found.locks.length > 0) return found
  }
}
