import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { toStoreError } from '../../../src-main/destinations/local-folder/store-errors.ts'
import { describeDestination, expectCode } from '../../support/destination-conformance.ts'

const run = promisify(execFile)
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'holdfast-folder-'))
const content = [Uint8Array.of(1, 2, 3)]

describeDestination('a local folder', async () => {
  const folder = await newFolder()
  return {
    store: createLocalFolder(folder),
    reopen: () => createLocalFolder(folder),
    dispose: () => rm(folder, { recursive: true }),
  }
})

describe('a local folder', () => {
  let folder: string

  beforeEach(async () => {
    folder = await newFolder()
  })
  afterEach(() => rm(folder, { recursive: true }))

  const namesIn = async (...path: string[]): Promise<string[]> => (await readdir(join(folder, ...path))).sort()

  it("has restic's layout, for nobody else to read", async () => {
    const place = join(folder, 'new', 'repository')
    const store = createLocalFolder(place)
    await store.prepare()
    await store.put('data/ab/pack', content)
    expect((await readdir(place)).sort()).toEqual(['data', 'index', 'keys', 'locks', 'snapshots'])
    expect((await readdir(join(place, 'data'))).length).toBe(256)
    expect((await stat(place)).mode & 0o777).toBe(0o700)
    expect((await stat(join(place, 'data', 'ab', 'pack'))).mode & 0o777).toBe(0o600)
    expect(store.location).toBe(place)
  })

  it('makes folders that a copied repository lacks', async () => {
    await writeFile(join(folder, 'config'), 'x')
    await createLocalFolder(folder).put('data/ab/pack', content)
    expect(await namesIn('data', 'ab')).toEqual(['pack'])
  })

  it('makes no folders where no repository is: the disk may not be mounted', async () => {
    const store = createLocalFolder(folder)
    await expectCode(store.put('data/ab/pack', content), 'store.not-found')
    await expectCode(store.put('locks/mine', content), 'store.not-found')
    expect(await namesIn()).toEqual([])
    const prepared = createLocalFolder(join(folder, 'disk'))
    await prepared.prepare()
    await rm(join(folder, 'disk'), { recursive: true })
    await mkdir(join(folder, 'disk'))
    await expectCode(prepared.put('data/ab/pack', content), 'store.not-found')
    expect(await namesIn('disk')).toEqual([])
  })

  it('refuses names that lead elsewhere', async () => {
    const store = createLocalFolder(join(folder, 'inside'))
    await store.prepare()
    for (const name of ['../outside', 'keys/../../outside', '/outside', 'keys//x', '', 'keys/..\\..\\x', 'a\0b'])
      await expectCode(store.put(name, content), 'internal')
    expect(await namesIn()).toEqual(['inside'])
  })

  it('follows a data folder that is a link to another disk', async () => {
    await mkdir(join(folder, 'other', 'ab'), { recursive: true })
    await writeFile(join(folder, 'config'), 'x')
    await symlink(join(folder, 'other'), join(folder, 'data'))
    const store = createLocalFolder(folder)
    await store.put('data/ab/pack', content)
    const found = []
    for await (const file of store.list('data')) found.push(file)
    expect(found).toEqual([{ name: 'data/ab/pack', size: 3 }])
  })

  it('removes what a killed process left a day ago, but not what is younger, alive or of others', async () => {
    const store = createLocalFolder(folder)
    await store.prepare()
    const ended = spawnSync('true').pid
    const names = {
      abandoned: `.holdfast-${String(ended)}-0123456789ab.tmp`,
      ownNumber: `.holdfast-${String(process.pid)}-0123456789ab.tmp`,
      young: `.holdfast-${String(ended)}-ba9876543210.tmp`,
      alive: `.holdfast-${String(process.ppid)}-0123456789ab.tmp`,
      foreign: '.holdfast-notes.tmp',
      restic: `${'a'.repeat(64)}-tmp-123456`,
    }
    const yesterday = Date.now() / 1000 - 25 * 3600
    for (const [kind, name] of Object.entries(names)) {
      await writeFile(join(folder, 'keys', name), 'x')
      if (kind !== 'young') await utimes(join(folder, 'keys', name), yesterday, yesterday)
    }
    await createLocalFolder(folder).put('keys/new', content)
    expect(await namesIn('keys')).toEqual([names.young, names.alive, names.foreign, names.restic, 'new'].sort())
    const listed = []
    for await (const { name } of store.list('keys')) listed.push(name)
    expect(listed.sort()).toEqual([`keys/${names.foreign}`, 'keys/new'])
  })

  it('leaves a name untouched and lists no remains when the process is killed in the middle', async () => {
    const store = createLocalFolder(folder)
    await store.prepare()
    await store.put('config', [Buffer.from('former')])
    const module = join(import.meta.dirname, '../../../src-main/destinations/local-folder/local-folder.ts')
    // It ends itself between two parts: from outside nobody can be sure to hit the middle.
    const program = `
      const { createLocalFolder } = await import(${JSON.stringify(module)})
      function* parts() {
        yield new Uint8Array(1 << 20)
        process.kill(process.pid, 'SIGKILL')
        for (;;);
      }
      await createLocalFolder(${JSON.stringify(folder)}).put('config', parts())`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const [remains = 'none', ...others] = (await namesIn()).filter((name) => name.endsWith('.tmp'))
    expect([(await stat(join(folder, remains))).size, others]).toEqual([1 << 20, []])
    const listed = []
    for await (const { name } of store.list('')) listed.push(name)
    expect(listed).toEqual(['config'])
    expect(await readFile(join(folder, 'config'), 'utf8')).toBe('former')
  })

  it('says what the user has to do', () => {
    const code = (errno: string): string => toStoreError(Object.assign(new Error(errno), { code: errno })).code
    expect(code('ENOSPC')).toBe('store.full')
    expect(code('EDQUOT')).toBe('store.full')
    expect(code('EROFS')).toBe('store.read-only')
    expect(code('EACCES')).toBe('store.permission')
    expect(code('EPERM')).toBe('store.permission')
    expect(code('ENOENT')).toBe('store.not-found')
    expect(code('EISDIR')).toBe('store.failed')
    expect(toStoreError('not even an error').code).toBe('store.failed')
  })

  it('tells a passing fault from one that stays', () => {
    const retry = (errno: string): string => toStoreError(Object.assign(new Error(errno), { code: errno })).retry
    for (const errno of ['EIO', 'ESTALE', 'ENETDOWN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EBUSY']) {
      expect(retry(errno)).toBe('later')
    }
    for (const errno of ['ENOSPC', 'EROFS', 'EACCES', 'EISDIR']) expect(retry(errno)).toBe('never')
  })

  it('says store.failed where a file is in the place of the folder', async () => {
    await writeFile(join(folder, 'file'), 'x')
    await expectCode(createLocalFolder(join(folder, 'file')).prepare(), 'store.failed')
  })
})

/** Runs the store on a file system of its own, which needs the right to mount one in a namespace. */
const mounts = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', tmpdir()])
if (mounts.status !== 0) process.stderr.write('skipped: full and read-only file systems (no right to mount one here)\n')

describe.skipIf(mounts.status !== 0)('a local folder on a file system of its own', () => {
  let folder: string

  beforeEach(async () => {
    folder = await newFolder()
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Runs `script` after mounting an 1 MiB file system over the folder; gives what the script prints as JSON. */
  async function inMount(afterwards: string, script: string): Promise<unknown> {
    const module = join(import.meta.dirname, '../../../src-main/destinations/local-folder/local-folder.ts')
    const program = `
      import { readdirSync } from 'node:fs'
      import { execFileSync } from 'node:child_process'
      const { createLocalFolder } = await import(${JSON.stringify(module)})
      const store = createLocalFolder(${JSON.stringify(folder)})
      const attempt = (work) => work.then(() => 'done', (error) => error.code)
      ${script}`
    const shell = `mount -t tmpfs -o size=4m none "$1" && ${afterwards} exec "$2" --input-type=module -e "$3"`
    const command = ['--user', '--map-root-user', '--mount', 'sh', '-c', shell, 'sh', folder, process.execPath, program]
    return JSON.parse((await run('unshare', command)).stdout)
  }

  it('says store.full, keeps what was there and leaves nothing of the failed file', async () => {
    const result = await inMount(
      '',
      `await store.prepare()
      await store.put('config', [Buffer.from('former')])
      const codes = [await attempt(store.put('config', [new Uint8Array(8 << 20)]))]
      codes.push(await attempt(store.put('keys/small', [new Uint8Array(1000)])))
      const config = Buffer.from(await store.get('config')).toString()
      console.log(JSON.stringify({ codes, config, names: readdirSync(store.location).sort() }))`,
    )
    expect(result).toEqual({
      codes: ['store.full', 'done'],
      config: 'former',
      names: ['config', 'data', 'index', 'keys', 'locks', 'snapshots'],
    })
  })

  it('says store.read-only', async () => {
    const result = await inMount(
      'mkdir "$1/keys" && printf x > "$1/config" && mount -o remount,ro "$1" &&',
      `const codes = [await attempt(store.put('keys/a', [new Uint8Array(1)])), await attempt(store.remove('config'))]
      codes.push(await attempt(store.prepare()), await attempt(store.get('config')))
      console.log(JSON.stringify(codes))`,
    )
    expect(result).toEqual(['store.read-only', 'store.read-only', 'store.read-only', 'done'])
  })
})
