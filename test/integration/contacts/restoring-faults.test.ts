import { describe, expect, test } from 'vitest'
import { contactsReader } from '../../../src-main/graph/contacts/reader.ts'
import { contactsRestorer } from '../../../src-main/graph/contacts/restorer.ts'
import type { RestoreItem } from '../../../src-main/engine/ports/restore-target.ts'
import { plainRestore, restoreHeld } from '../../support/adapter-round.ts'
import type { FaultRule } from '../../support/graph-simulator/index.ts'
import { ada, signal } from '../mail/mailbox-fixture.ts'
import { contactsOf, contactWorld, grace, kinds, picture, read, restore, twoTenants } from './contacts-fixture.ts'

describe('answers that get lost', () => {
  const losses: readonly FaultRule['kind'][] = ['reset-after', 'done-but-failed']

  test.each(losses)('make no second contact and no second folder: %s', async (kind) => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    target.simulator.faults.add({ kind, match: { method: 'POST', path: '/contact' }, perPath: 1 })
    expect(kinds(await restore(target, held))).toEqual({ created: 13 })
    expect(target.simulator.faults.appliedCount(kind)).toBeGreaterThanOrEqual(4)
    expect(target.state.contacts(grace)).toHaveLength(13)
    expect(target.state.folders(grace)).toHaveLength(5)
  })

  test('of nothing done are followed by another attempt', async () => {
    const { source, target } = await twoTenants()
    target.simulator.faults.add({
      kind: 'status',
      status: 500,
      match: { method: 'POST', path: '/contacts$' },
      perPath: 1,
    })
    expect(kinds(await restore(target, await read(source, ada)))).toEqual({ created: 13 })
    expect(target.state.contacts(grace)).toHaveLength(13)
  })
})

describe('a restore that is broken off', () => {
  const photoRoute = 'users/{user}/contacts/{contact}/photo/$value'

  test.each([
    ['before the photos', { method: 'PUT', route: photoRoute }],
    ['behind the photos', { method: 'PATCH', route: 'users/{user}/contacts/{contact}' }],
  ])('%s is completed by the next one', async (_where, match) => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    target.simulator.faults.add({ kind: 'status', status: 500, match })
    expect(kinds(await restore(target, held, { targetFolder: '/' }))).toEqual({ created: 8, failed: 5 })
    target.simulator.faults.clear()
    const second = await restore(target, held, { targetFolder: '/' })
    expect(kinds(second)).toEqual({ duplicate: 13 })
    expect([...second.values()].filter((outcome) => 'completed' in outcome)).toHaveLength(5)
    expect(contactsOf(target, grace)).toEqual(contactsOf(source, ada))
    expect(kinds(await restore(target, held, { targetFolder: '/' }))).toEqual({ duplicate: 13 })
  })

  test('by a signal rejects, and the next one restores the rest', async () => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    const stop = new AbortController()
    const restorer = contactsRestorer(target.client)
    const stopping = {
      ...restorer,
      item: (...[container, item]: Parameters<typeof restorer.item>) => {
        if (item.content !== undefined) stop.abort()
        return restorer.item(container, item, stop.signal)
      },
    }
    const broken = restoreHeld(stopping, contactsReader(target.client), held, target.root(grace), { targetFolder: '/' })
    await expect(broken).rejects.toMatchObject({ code: 'cancelled' })
    await restore(target, held, { targetFolder: '/' })
    expect(contactsOf(target, grace)).toEqual(contactsOf(source, ada))
  })
})

describe('what Graph does not take', () => {
  async function restoreOne(properties: Readonly<Record<string, unknown>>, photo?: Buffer) {
    const target = await contactWorld(grace)
    const restorer = contactsRestorer(target.client)
    const top = await restorer.begin(target.root(grace), plainRestore, signal)
    const content = photo && {
      name: 'x',
      size: photo.length,
      bytes: () => Promise.resolve(photo),
      stream: () => none(),
    }
    const metadata = { 'o365:Id': 'AAk=', properties: properties as RestoreItem['metadata'] }
    const outcome = await restorer.item(top, { path: 'contacts/x', metadata, content, parts: [] }, signal)
    return { outcome, made: target.state.contacts(grace) }
  }

  async function* none(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array())
  }

  test('is named, and the rest comes back', async () => {
    const emailAddresses = ['a', 'b', 'c', 'd'].map((name) => ({ name, address: `${name}@x.example` }))
    const { outcome, made } = await restoreOne({ displayName: 'Many', jobTitle: 'Postman', emailAddresses, id: 'AAk=' })
    expect(outcome).toMatchObject({ kind: 'created', remarks: [{ code: 'field-refused', detail: 'emailAddresses' }] })
    expect(made[0]?.properties).toMatchObject({ displayName: 'Many', jobTitle: 'Postman', emailAddresses: [] })
  })

  test('a photo above 4 MB is left out', async () => {
    const { outcome, made } = await restoreOne({ displayName: 'Big' }, picture(1, 4_100_000))
    expect(outcome).toMatchObject({ kind: 'created', remarks: [{ code: 'photo-too-large' }] })
    expect(made[0]?.photo).toBeUndefined()
  })

  test('an address in a later place moves up, and that is said', async () => {
    const address = { name: 'late', address: 'late@x.example' }
    const { outcome } = await restoreOne({
      displayName: 'Late',
      emailAddresses: [address],
      primaryEmailAddress: null,
      secondaryEmailAddress: address,
    })
    expect(outcome).toMatchObject({ kind: 'created', remarks: [{ code: 'contact-address-place' }] })
  })

  test('foreign metadata makes a contact without a name, not an error', async () => {
    const { outcome } = await restoreOne({
      displayName: 7,
      emailAddresses: 'x',
      businessPhones: [null, 3],
      homeAddress: 5,
    })
    expect(outcome).toMatchObject({ kind: 'created' })
  })
})
