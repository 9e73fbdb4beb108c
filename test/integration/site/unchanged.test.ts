import { expect, it } from 'vitest'
import type { DataTypeReader } from '../../../src-main/engine/ports/data-type.ts'
import { driveReader, librariesDescriber } from '../../../src-main/graph/drive/reader.ts'
import { siteDrives } from '../../../src-main/graph/drive/site-drives.ts'
import { pagesReader } from '../../../src-main/graph/pages/reader.ts'
import { siteReader } from '../../../src-main/graph/site/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { signal, siteWorld } from './site-fixture.ts'

it('an unchanged site costs one request for its settings, libraries and pages together', async () => {
  const world = await siteWorld()
  const { client, sites, drives } = world
  const { id } = sites.add({ path: 'sites/research', displayName: 'Research' })
  drives.addFile(drives.ofSite(id)[0]?.id ?? '', 'a/one.txt', 'one')
  sites.addPage(id, { name: 'Home.aspx', title: 'Home' })
  const root = world.siteRoot(id)
  const readers: readonly DataTypeReader[] = [
    siteReader(client),
    driveReader(client, { folder: librariesDescriber.folder, drives: siteDrives(client) }),
    pagesReader(client),
  ]
  const held = await Promise.all(readers.map((reader) => readHeld(reader, root)))
  world.simulator.log.clear()
  const listings = await Promise.all(
    readers.map(async (reader, index) => {
      const { containers = [], listingCursor: cursor } = held[index] ?? {}
      return await reader.containers(root, { containers, cursor }, signal)
    }),
  )
  expect(world.requests()).toBe(1)
  for (const [index, reader] of readers.entries()) {
    for (const container of listings[index]?.containers ?? []) {
      const cursor = held[index]?.cursors.get(container.id)
      await Array.fromAsync(reader.changes(root, container, { cursor }, signal))
    }
    await reader.finished?.(root)
  }
  expect(world.requests()).toBe(1)
})
