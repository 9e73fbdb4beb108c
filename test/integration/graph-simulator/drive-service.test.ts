import { expect, test } from 'vitest'
import { spawnGraphSimulator } from '../../support/graph-simulator/index.ts'
import { driveAddress } from '../../support/graph-simulator/services/drive/address.ts'
import { contentFrom, driveService } from '../../support/graph-simulator/services/drive/index.ts'
import { text, withDrives } from './drive-bench.ts'
import { alex, smallTenant } from './tenant.ts'

test('drives can be seeded and looked at in a simulator of its own process', async () => {
  const file = { path: 'big/four.bin', size: 4 * 1024 ** 3, seed: 3 }
  const folders = [{ path: 'many', count: 3, size: 10 }]
  const spawned = await spawnGraphSimulator({
    tenant: [smallTenant, { kind: 'drive', user: alex, files: [file], folders }],
  })
  try {
    await spawned.drives.addFile(alex, 'note.txt', Buffer.from('hello'))
    const dumped = await spawned.drives.dump(alex)
    expect(dumped.map(({ path, size }) => [path, size])).toEqual([
      ['big', file.size],
      ['big/four.bin', file.size],
      ['many', 30],
      ['many/000000.bin', 10],
      ['many/000001.bin', 10],
      ['many/000002.bin', 10],
      ['note.txt', 5],
    ])
    expect(dumped[1]?.quickXorHash).toBe(contentFrom(file).quickXorHash())
    expect(await spawned.drives.sharingMails()).toBe(0)
  } finally {
    await spawned.close()
  }
})

test('every form of address leads to one template', () => {
  const forms: [string, string][] = [
    ['users/a/drive/root/delta', 'drives/{drive}/items/{item}/delta'],
    ["drives/d/root/delta(token='2021-09-29T20:00:00Z')", 'drives/{drive}/items/{item}/delta'],
    ['drives/d/root/microsoft.graph.delta()', 'drives/{drive}/items/{item}/delta'],
    ['Users/a/Drives/d/Items/i/Content', 'drives/{drive}/items/{item}/content'],
    ['drives/d/items/i:/x.txt:/createuploadsession', 'drives/{drive}/items/{item}/createUploadSession'],
    ['drives/d/items/i/permissions/p/grant', 'drives/{drive}/items/{item}/permissions/{permission}/grant'],
    ["drives('d')/items('i')/versions('1.0')/content", 'drives/{drive}/items/{item}/versions/{version}/content'],
    ['groups/g/drives', 'groups/{group}/drives'],
  ]
  for (const [path, template] of forms) expect([path, driveAddress(path)?.template]).toEqual([path, template])
  for (const path of ['users/a/messages', 'users/a', 'drives', 'me/drive', 'sites/contoso.example:/x:/drive'])
    expect(driveAddress(path)).toBeUndefined()
})

test('fault rules find an item and its route, whatever the address', () =>
  withDrives(async ({ ask, plain, drives, drive, simulator }) => {
    const id = drives.addFile(alex, 'a.txt', 'hello')
    drives.addFile(alex, 'b.txt', 'hello')
    const url = (await ask('GET', `/drives/${drive}/items/${id}/content`)).headers.get('location') ?? ''
    const rule = simulator.faults.add({ kind: 'corrupt', code: 'generalException', match: { items: [id] } })
    expect((await plain('GET', url)).codes).toEqual(['generalException'])
    expect((await ask('GET', `/drives/${drive}/root:/b.txt`)).status).toBe(200)
    simulator.faults.remove(rule)
    simulator.faults.add({ kind: 'status', match: { route: 'drives/{drive}/items/{item}/content' } })
    expect((await ask('GET', `/users/${alex}/drive/root:/b.txt:/content`)).status).toBe(503)
    expect(text(await ask('GET', `/users/${alex}/drive/root:/b.txt`), 'name')).toBe('b.txt')
  }))

test('routes say what they cost', () => {
  const { routes } = driveService
  const item = 'drives/{drive}/items/{item}'
  const costs = ['GET {}/content', 'POST {}/children', 'GET {}/permissions', 'POST {}/invite'].map(
    (name) => routes[name.replace('{}', item)]?.cost,
  )
  expect(costs).toEqual([1, 2, 5, 5])
  for (const name of ['', '/children', '/delta']) expect(typeof routes[`GET ${item}${name}`]?.cost).toBe('function')
})
