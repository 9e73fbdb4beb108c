import { describe, expect, test } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { createGroupLister } from '../../../src-main/graph/directory/groups.ts'
import { ada, groupWorld, signal } from './group-fixture.ts'
import type { GroupWorld } from './group-fixture.ts'

const lister = ({ client }: GroupWorld) => createGroupLister(client, { tenant: 'contoso' })

async function rootsOf(world: GroupWorld): Promise<readonly Root[]> {
  return await Array.fromAsync(lister(world).roots(signal))
}

describe('the groups of a tenant', () => {
  test('are roots: Microsoft 365 groups alone, with all that lists tell of them', async () => {
    const world = await groupWorld([ada])
    world.groups.add({ displayName: 'Engines', mail: 'engines@contoso.example', team: true })
    world.groups.add({ displayName: 'Guards', unified: false })
    const [root, ...others] = await rootsOf(world)
    expect(others).toEqual([])
    expect(root).toMatchObject({ kind: 'group', name: 'engines@contoso.example' })
    expect(root?.properties).toMatchObject({
      displayName: 'Engines',
      groupTypes: ['Unified'],
      resourceProvisioningOptions: ['Team'],
      visibility: 'Public',
    })
  })

  test('come page by page', async () => {
    const world = await groupWorld([ada])
    world.groups.largestPage = 40
    for (let number = 0; number < 100; number++) world.groups.add({ displayName: `Group ${String(number)}` })
    world.simulator.log.clear()
    expect(await rootsOf(world)).toHaveLength(100)
    expect(world.simulator.log.count({ route: 'groups' })).toBe(3)
  })

  test('have their name and a short form of the id in place of an address', async () => {
    const world = await groupWorld([ada])
    world.groups.add({ displayName: 'No / mail', mail: null })
    const [root] = await rootsOf(world)
    expect(root?.name).toMatch(/^No . mail ~[a-z2-7]{10}$/)
  })

  test('are found by id, address, name and the name of their folder', async () => {
    const world = await groupWorld([ada])
    const group = world.groups.add({ displayName: "Ada's @ Engines" })
    const silent = world.groups.add({ displayName: 'Quiet', mail: null })
    world.groups.add({ displayName: 'Quiet', mail: null })
    const find = (name: string) => lister(world).root(name, signal)
    for (const name of [group.id, group.mail ?? '', "Ada's @ Engines"]) expect((await find(name)).id).toBe(group.id)
    const folder = (await find(silent.id)).name
    expect((await find(folder)).id).toBe(silent.id)
  })

  test('are told apart: none, several, none of the kind', async () => {
    const world = await groupWorld([ada])
    const same = [1, 2].map(() => world.groups.add({ displayName: 'Same' }).id)
    const guards = world.groups.add({ displayName: 'Guards', unified: false })
    const find = (name: string) => lister(world).root(name, signal)
    for (const name of ['nobody', '', 'nobody@contoso.example', guards.id, 'Guards'])
      await expect(find(name), name).rejects.toMatchObject({ code: 'restore.target-not-found' })
    const found = same.join(', ')
    await expect(find('Same')).rejects.toMatchObject({ code: 'restore.target-ambiguous', context: { found } })
  })

  test('may not be listed without the permission', async () => {
    const world = await groupWorld([ada], { app: { roles: ['User.Read.All'] } })
    await expect(rootsOf(world)).rejects.toMatchObject({ code: 'graph.forbidden' })
  })
})
