import { describe, expect, test } from 'vitest'
import { profileReader } from '../../../src-main/graph/profile/reader.ts'
import { readHeld } from '../../support/adapter-round.ts'
import { ada, httpRequests } from '../mail/mailbox-fixture.ts'
import { account, boss, editable, personal, photo, read, sourceWorld } from './profile-fixture.ts'

describe('a profile', () => {
  test('has all properties, people, licences and the photo', async () => {
    const world = await sourceWorld()
    const { items, containers } = await read(world, ada)
    expect(containers.map(({ id, name }) => [id, name])).toEqual([[world.root(ada).id, 'user']])
    expect(items).toHaveLength(1)
    const [item] = items
    expect(item?.content).toEqual(new Uint8Array(photo))
    expect(item?.metadata).toMatchObject({
      'o365:v': 1,
      'o365:Type': 'profile',
      'o365:Id': world.root(ada).id,
      'o365:Name': 'Ada Lovelace',
      properties: {
        ...editable,
        ...personal,
        ...account,
        manager: { userPrincipalName: boss },
        directReports: [{ userPrincipalName: 'mary@contoso.example' }],
        licenseDetails: [{ skuPartNumber: 'EMS' }],
        photo: { width: 648, height: 648, contentType: 'image/jpeg' },
        notRead: {
          preferredName: 'graph.request-refused',
          employeeLeaveDateTime: 'graph.forbidden',
          customSecurityAttributes: 'graph.forbidden',
          signInActivity: 'graph.forbidden',
          deviceEnrollmentLimit: 'graph.forbidden',
        },
      },
    })
    expect(profileReader(world.client).row(item?.metadata ?? {}, photo.length)).toMatchObject({
      name: 'profile',
      shard: '',
      size: photo.length,
      title: 'Ada Lovelace',
    })
    expect(world.simulator.log.unknown).toEqual([])
  })

  test('is one batch and the photo at first, one batch when nothing changed', async () => {
    const world = await sourceWorld()
    const first = await read(world, ada)
    expect(httpRequests(world)).toBe(2)
    world.simulator.log.clear()
    const second = await read(world, ada, first)
    expect(second.items).toEqual(first.items)
    expect(httpRequests(world)).toBe(1)
  })

  test('is read again when a property changed, its photo only when that did', async () => {
    const world = await sourceWorld()
    const first = await read(world, ada)
    world.state.set(ada, { jobTitle: 'Countess' })
    world.simulator.log.clear()
    const second = await read(world, ada, first)
    expect(second.items[0]).toMatchObject({
      content: new Uint8Array(photo),
      metadata: { properties: { jobTitle: 'Countess' } },
    })
    expect(world.simulator.log.count({ content: true })).toBe(0)
    world.state.setPhoto(ada, Buffer.from('another'))
    const third = await read(world, ada, second)
    expect(third.items[0]?.content).toEqual(new Uint8Array(Buffer.from('another')))
    world.state.setPhoto(ada, undefined)
    const fourth = await read(world, ada, third)
    expect(fourth.items[0]?.content).toBeUndefined()
  })

  test('without a photo has none, however Graph says so', async () => {
    const world = await sourceWorld()
    world.state.missingPhoto = 'tiny-picture'
    expect((await read(world, boss)).items[0]).toMatchObject({ content: undefined })
    world.state.missingPhoto = 'not-found'
    const { items } = await read(world, boss)
    expect(items[0]?.content).toBeUndefined()
    expect(items[0]?.metadata.properties).not.toHaveProperty('photo')
    expect(items[0]?.metadata.properties).not.toHaveProperty('manager')
  })

  test('of a user without a mailbox is read all the same', async () => {
    const world = await sourceWorld()
    world.simulator.tenant.removeMailbox(ada)
    const [item] = (await read(world, ada)).items
    expect(item).toMatchObject({ content: undefined, metadata: { properties: { jobTitle: 'Analyst' } } })
  })

  test('is not asked for what Graph refused of three users before', async () => {
    const world = await sourceWorld()
    const reader = profileReader(world.client)
    const counts: number[] = []
    const properties: unknown[] = []
    for (const user of [ada, boss, 'mary@contoso.example', ada]) {
      world.simulator.log.clear()
      const { items } = await readHeld(reader, world.root(user))
      properties.push(items[0]?.metadata.properties)
      counts.push(world.simulator.log.entries({ route: 'users/{user}' }).length)
    }
    // Five of the eight requests for properties are refused to this application.
    expect(counts).toEqual([8, 8, 8, 3])
    expect(properties[3]).toEqual(properties[0])
  })

  test('of a user who was deleted meanwhile is gone', async () => {
    const world = await sourceWorld()
    const root = world.root(ada)
    world.simulator.tenant.removeUser(ada)
    await expect(readHeld(profileReader(world.client), root)).rejects.toMatchObject({ code: 'graph.root-gone' })
  })

  test('has what a further permission allows', async () => {
    const world = await sourceWorld({ app: { roles: ['User.Read.All', 'User-LifeCycleInfo.Read.All'] } })
    world.state.set(ada, { employeeLeaveDateTime: '1852-11-27T00:00:00Z' })
    const [item] = (await read(world, ada)).items
    expect(item?.metadata.properties).toMatchObject({ employeeLeaveDateTime: '1852-11-27T00:00:00Z' })
  })
})

describe('faults', () => {
  test('a group of properties that fails keeps what was known, with a note', async () => {
    const world = await sourceWorld()
    const first = await read(world, ada)
    world.simulator.faults.add({ kind: 'status', status: 500, match: { path: 'select=aboutMe' } })
    world.state.set(ada, { jobTitle: 'Countess' })
    const second = await read(world, ada, first)
    expect(second.items[0]?.metadata.properties).toMatchObject({
      jobTitle: 'Countess',
      skills: ['Mathematics', 'French'],
      notRead: { skills: 'graph.service-failed' },
    })
    world.simulator.faults.clear()
    const third = await read(world, ada, second)
    expect(third.items[0]?.metadata.properties).toMatchObject({ skills: ['Mathematics', 'French'] })
    expect(third.items[0]?.metadata.properties).not.toHaveProperty('notRead.skills')
  })

  test('the directory failing is no profile without properties', async () => {
    const world = await sourceWorld()
    world.simulator.faults.add({ kind: 'status', status: 503, match: { path: 'select=accountEnabled' } })
    await expect(read(world, ada)).rejects.toMatchObject({ code: 'graph.service-failed' })
  })

  test('a refused group is asked for one by one', async () => {
    const world = await sourceWorld()
    const only = { kind: 'status', status: 400, code: 'Request_BadRequest' } as const
    world.simulator.faults.add({ ...only, match: { path: 'select=accountEnabled,' } })
    world.simulator.faults.add({ ...only, match: { path: 'select=identities$' } })
    const [item] = (await read(world, ada)).items
    expect(item?.metadata.properties).toMatchObject({
      jobTitle: 'Analyst',
      accountEnabled: false,
      notRead: { identities: 'graph.request-refused' },
    })
  })

  test('a photo that cannot be read is a missing part', async () => {
    const world = await sourceWorld()
    world.simulator.faults.add({ kind: 'corrupt', match: { path: /photo\/\$value/ } })
    const { items, unread } = await read(world, ada)
    expect(unread.size).toBe(0)
    expect(items[0]).toMatchObject({ content: undefined, unreadParts: ['graph.item-unreadable'] })
  })

  test('a user that is gone is not found', async () => {
    const world = await sourceWorld()
    const root = world.root(ada)
    world.simulator.tenant.removeUser(ada)
    const reader = profileReader(world.client)
    const item = reader.item(root, root.id, new AbortController().signal)
    await expect(item).rejects.toMatchObject({ code: 'graph.not-found' })
  })
})
