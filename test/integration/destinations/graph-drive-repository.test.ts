import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { restoreToFolder } from '../../../src-main/engine/operations/restore/to-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { openRepository } from '../../../src-main/engine/repository/repository.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import type { DestinationStore } from '../../../src-main/engine/ports/destination-store.ts'
import { snapshotFolder } from '../../support/folder-snapshot.ts'
import { hasRestic, PASSPHRASE, restic } from '../repository/restic.ts'
import { oddFolder, places, startScene, type DriveScene } from './graph-drive-fixture.ts'

let scene: DriveScene
let folder: string

beforeEach(async () => {
  scene = await startScene()
  folder = mkdtempSync(join(tmpdir(), 'holdfast-graph-drive-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await scene.close()
})

/** Some text, much that does not compress, and names of any script. */
function makeSource(path: string): void {
  for (let number = 0; number < 60; number += 1) {
    const place = join(path, `folder ${number % 7}`, `Überblick ${number} 😀`)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, number % 3 === 0 ? `text ${number}\n`.repeat(500) : randomBytes(700_000))
  }
}

/** Relative paths and hashes of all files. */
function contents(path: string): Record<string, string> {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const place = join(entry.parentPath, entry.name)
    files[relative(path, place)] = createHash('sha256').update(readFileSync(place)).digest('hex')
  }
  return files
}

interface Listed {
  readonly id: string
  readonly name: string
  readonly folder?: unknown
  readonly '@microsoft.graph.downloadUrl'?: string
}

/** What anybody can do who may read the drive: follows Graph's listing and fetches the files. */
async function download(drive: string, path: string, target: string): Promise<void> {
  const headers = { authorization: `Bearer ${scene.simulator.tokens.issue(scene.clock.now(), '')}` }
  const base = `${scene.simulator.graphBaseUrl}/v1.0/drives/${drive}`
  mkdirSync(target, { recursive: true })
  let link: string | undefined = `${base}/root:/${path.split('/').map(encodeURIComponent).join('/')}:/children`
  while (link !== undefined) {
    const page = (await (await fetch(link, { headers })).json()) as {
      readonly value: readonly Listed[]
      readonly '@odata.nextLink'?: string
    }
    for (const { name, folder: isFolder, '@microsoft.graph.downloadUrl': url } of page.value) {
      if (isFolder !== undefined) await download(drive, `${path}/${name}`, join(target, name))
      else writeFileSync(join(target, name), await (await fetch(url ?? '')).bytes())
    }
    link = page['@odata.nextLink']
  }
}

async function backedUp(store: DestinationStore, source: string): Promise<void> {
  await initRepository({ store, passphrase: PASSPHRASE, key: { cost: { N: 1024, r: 8, p: 1 } } })
  const repository = await openRepository({ store, passphrase: PASSPHRASE })
  await repository.loadIndex()
  await snapshotFolder(repository, source)
}

async function restored(store: DestinationStore, target: string): Promise<void> {
  const repository = await openRepository({ store, passphrase: PASSPHRASE })
  const { snapshots } = await listSnapshots(store, repository.sealer)
  const tree = snapshots[0]?.tree
  if (tree === undefined) throw new Error('no snapshot')
  await restoreToFolder({ repository, tree, paths: [], target })
}

describe('a repository in a drive', () => {
  it.skipIf(!hasRestic).each(['onedrive', 'group', 'sharepoint'] as const)(
    'is one for restic once its files are downloaded (%s)',
    async (kind) => {
      const source = join(folder, 'source')
      makeSource(source)
      const store = scene.store(places[kind](scene))
      await backedUp(store, source)

      await restored(scene.store(places[kind](scene)), join(folder, 'by-holdfast'))
      expect(contents(join(folder, 'by-holdfast'))).toEqual(contents(source))

      const { user, group, library } = scene.ids
      const drive = { onedrive: user, group, sharepoint: library }[kind]
      const copy = join(folder, 'copy')
      await download(drive, oddFolder.join('/'), copy)
      expect(await restic(copy, ['check', '--read-data'])).toContain('no errors were found')
      await restic(copy, ['restore', 'latest', '--target', join(folder, 'by-restic')])
      expect(contents(join(folder, 'by-restic'))).toEqual(contents(source))
    },
  )
})
