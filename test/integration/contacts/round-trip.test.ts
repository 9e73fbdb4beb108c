import { describe, expect, test } from 'vitest'
import { ada } from '../mail/mailbox-fixture.ts'
import { contactsOf, grace, kinds, picture, read, restore, twoTenants, writes } from './contacts-fixture.ts'

describe('contacts of another tenant', () => {
  test('come back field by field, with folders and photos', async () => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    expect(held.items).toHaveLength(13)
    const outcomes = await restore(target, held, { targetFolder: '/' })
    expect(kinds(outcomes)).toEqual({ created: 13 })
    expect(contactsOf(target, grace)).toEqual(contactsOf(source, ada))
    expect(target.state.folders(grace)[0]).toEqual(['Kontakte'])
    const again = await read(target, grace)
    expect(again.items.map(({ content }) => content?.length).toSorted()).toEqual(
      held.items.map(({ content }) => content?.length).toSorted(),
    )
    expect(source.simulator.log.unknown).toEqual([])
    expect(target.simulator.log.unknown).toEqual([])
  })

  test('come back from the second snapshot as well', async () => {
    const { source, target } = await twoTenants()
    const first = await read(source, ada)
    const { state } = source
    const [full, one, two] = state.contacts(ada)
    state.update(ada, full?.id ?? '', { jobTitle: 'Director', homePhones: [] })
    state.setPhoto(ada, one?.id ?? '', picture(9))
    state.setPhoto(ada, two?.id ?? '', undefined)
    state.remove(ada, state.contacts(ada).at(-1)?.id ?? '')
    state.add(ada, 'Empty', { displayName: 'New' }, picture(8))
    state.renameFolder(ada, 'Family', 'Relatives')
    const second = await read(source, ada, first)
    await restore(target, second, { targetFolder: '/' })
    expect(contactsOf(target, grace)).toEqual(contactsOf(source, ada))
  })

  test('go below "Restored" by default: the default folder into it, the others into folders of it', async () => {
    const { source, target } = await twoTenants()
    await restore(target, await read(source, ada))
    const expected = source.state.folders(ada).filter((path) => path.at(-1) !== 'Empty')
    const made = target.state.folders(grace).filter((path) => path.length > 1)
    expect(made.map((path) => path.slice(2))).toEqual(expected.map((path) => path.slice(1)))
    expect(made.every((path) => path[1] === 'Restored')).toBe(true)
    const whole = contactsOf(target, grace) as readonly { folder: readonly string[] }[]
    const inside = whole.map((contact) => ({ ...contact, folder: contact.folder.slice(1) }))
    expect(inside.toSorted(byText)).toEqual(contactsOf(source, ada).toSorted(byText))
  })

  test('are there already when they are restored again', async () => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    await restore(target, held)
    const before = contactsOf(target, grace)
    target.simulator.log.clear()
    expect(kinds(await restore(target, held))).toEqual({ duplicate: 13 })
    expect(contactsOf(target, grace)).toEqual(before)
    expect(writes(target)).toEqual([])
  })

  test('are recognised in place where they were read', async () => {
    const { source } = await twoTenants()
    const held = await read(source, ada)
    const lost = source.state.contacts(ada).at(-1)
    source.state.remove(ada, lost?.id ?? '')
    const outcomes = await restore(source, held, { targetFolder: '/' }, ada)
    expect(kinds(outcomes)).toEqual({ created: 1, duplicate: 12 })
    expect(source.state.contacts(ada)).toHaveLength(13)
  })

  test('that somebody has already are not doubled, and namesakes are not lost', async () => {
    const { source, target } = await twoTenants()
    target.state.add(grace, '', { displayName: 'ann smith', emailAddresses: [{ address: 'ANN@one.example' }] })
    target.state.add(grace, '', { displayName: 'Twin' })
    const outcomes = await restore(target, await read(source, ada), { targetFolder: '/' })
    expect(kinds(outcomes)).toEqual({ created: 11, duplicate: 2 })
    const named = target.state.contacts(grace).map(({ properties }) => properties.displayName)
    expect(named.filter((name) => String(name).toLowerCase() === 'ann smith')).toHaveLength(6)
    expect(named.filter((name) => name === 'Twin')).toHaveLength(2)
  })

  test('are created in any case when nobody is to look', async () => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    await restore(target, held)
    expect(kinds(await restore(target, held, { ignoreExisting: true }))).toEqual({ created: 13 })
    expect(target.state.contacts(grace)).toHaveLength(26)
  })

  test('are only counted in a dry run', async () => {
    const { source, target } = await twoTenants()
    const held = await read(source, ada)
    expect(kinds(await restore(target, held, { dryRun: true }))).toEqual({ created: 13 })
    expect(target.state.contacts(grace)).toEqual([])
    expect(target.state.folders(grace)).toHaveLength(1)
    await restore(target, held)
    expect(kinds(await restore(target, held, { dryRun: true }))).toEqual({ duplicate: 13 })
  })
})

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}
