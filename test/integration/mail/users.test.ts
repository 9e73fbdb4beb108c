import { describe, expect, it } from 'vitest'
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import { createUserLister } from '../../../src-main/graph/directory/users.ts'
import type { UserListOptions } from '../../../src-main/graph/directory/users.ts'
import { ada, grace, signal, startWorld } from './mailbox-fixture.ts'
import type { World } from './mailbox-fixture.ts'

const tenant = 'contoso.onmicrosoft.com'

async function names(world: World, options: Partial<UserListOptions> = {}): Promise<readonly string[]> {
  const roots: Root[] = []
  for await (const root of createUserLister(world.client, { tenant, ...options }).roots(signal)) roots.push(root)
  return roots.map((root) => root.name)
}

function start(): Promise<World> {
  return startWorld([
    { userPrincipalName: ada, mail: 'a.lovelace@contoso.example' },
    { userPrincipalName: grace, mail: "o'hopper@contoso.example" },
  ])
}

describe('the users of a tenant', () => {
  it('are roots, named by their user principal names', async () => {
    const world = await start()
    expect(await names(world)).toEqual([ada, grace])
    expect(createUserLister(world.client, { tenant }).tenant).toBe(tenant)
    const request = world.simulator.log.entries({ route: 'users' })[0]
    expect(decodeURIComponent(request?.path ?? '')).toContain('$select=id,userPrincipalName,displayName,mail&$top=999')
  })

  it('are chosen by name, mail address or id, whatever the case', async () => {
    const world = await start()
    expect(await names(world, { filters: ['ADA@contoso.example'] })).toEqual([ada])
    expect(await names(world, { filters: ["O'Hopper@contoso.example"] })).toEqual([grace])
    expect(await names(world, { filters: [world.root(ada).id, grace] })).toEqual([ada, grace])
    expect(await names(world, { filters: ['nobody'] })).toEqual([])
  })

  it('are found one by one', async () => {
    const world = await start()
    const lister = createUserLister(world.client, { tenant })
    const root = world.root(grace)
    expect(await lister.root(root.id, signal)).toEqual(root)
    expect(await lister.root(grace, signal)).toEqual(root)
    expect(await lister.root("o'hopper@contoso.example", signal)).toEqual(root)
    for (const missing of ['nobody@contoso.example', 'nobody', '']) {
      await expect(lister.root(missing, signal)).rejects.toMatchObject({ code: 'restore.target-not-found' })
    }
  })

  it('may not be listed without the permission', async () => {
    const world = await startWorld([{ userPrincipalName: ada }], { app: { roles: ['Mail.ReadWrite'] } })
    await expect(names(world)).rejects.toMatchObject({ code: 'graph.forbidden' })
    const lister = createUserLister(world.client, { tenant })
    await expect(lister.root(ada, signal)).rejects.toMatchObject({ code: 'graph.forbidden' })
  })
})
