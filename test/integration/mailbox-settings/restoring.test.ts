import { describe, expect, test } from 'vitest'
import type { ItemOutcome } from '../../../src-main/engine/ports/restore-target.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { writes } from '../contacts/contacts-fixture.ts'
import { ada } from '../mail/mailbox-fixture.ts'
import { addFolders, grace, read, restore, rulesOf, settings, sourceWorld, targetWorld } from './settings-fixture.ts'

function codes(outcomes: ReadonlyMap<string, ItemOutcome>): readonly string[] {
  const all = [...outcomes.values()].flatMap((outcome) => ('remarks' in outcome ? (outcome.remarks ?? []) : []))
  return all.map(({ code }) => code)
}

function count(outcomes: ReadonlyMap<string, ItemOutcome>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes.values()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

function only(held: HeldType, container: string): HeldType {
  return { ...held, items: held.items.filter((item) => item.container === container) }
}

describe('into a mailbox of another tenant and language', () => {
  test('everything comes back when it is asked for, but replies are not switched on', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const outcomes = await restore(target, await read(source, ada))
    expect(count(outcomes)).toEqual({ created: 9 })
    const translated = JSON.stringify(rulesOf(source, ada)).replace('Junk Email', 'Junk-E-Mail')
    expect(JSON.stringify(rulesOf(target, grace))).toBe(translated)
    const { delegateMeetingMessageDeliveryOptions: _kept, automaticRepliesSetting: replies, ...others } = settings
    expect(target.state.settings(grace)).toMatchObject(others)
    expect(target.state.settings(grace).automaticRepliesSetting).toEqual({ ...replies, status: 'disabled' })
    expect(target.state.repliesSwitchedOn).toBe(0)
    const categories = (world: typeof source, user: string) =>
      world.state.categories(user).map(({ displayName, color }) => [displayName, color])
    expect(categories(target, grace)).toEqual(categories(source, ada))
    expect(codes(outcomes)).toEqual(['automatic-replies-off', 'setting-kept'])
    expect(target.simulator.log.unknown).toEqual([])
  })

  test('the second time nothing is sent', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = await read(source, ada)
    await restore(target, held)
    const before = rulesOf(target, grace)
    target.simulator.log.clear()
    expect(count(await restore(target, held))).toEqual({ duplicate: 9 })
    expect(rulesOf(target, grace)).toEqual(before)
    expect(writes(target)).toEqual([])
  })

  test('only categories come back unasked', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = await read(source, ada)
    expect(count(await restore(target, held, []))).toEqual({ created: 3, skipped: 6 })
    expect(target.state.rules(grace)).toEqual([])
    expect(target.state.settings(grace).timeZone).toBe('UTC')
  })

  test('each word brings back its own settings', async () => {
    const source = await sourceWorld()
    const held = only(await read(source, ada), 'settings')
    const names = { 'time-zone': 'timeZone', language: 'language', 'working-hours': 'workingHours' } as const
    for (const word of Object.keys(names) as (keyof typeof names)[]) {
      const target = await targetWorld(false)
      const before = structuredClone(target.state.settings(grace))
      await restore(target, held, [word])
      const changed = Object.entries(target.state.settings(grace)).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
      )
      const formats = word === 'language' ? ['dateFormat', 'timeFormat'] : []
      expect(changed.map(([name]) => name).toSorted()).toEqual([names[word], ...formats].toSorted())
    }
  })

  test('nothing is written in a dry run', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = await read(source, ada)
    target.simulator.log.clear()
    expect(count(await restore(target, held, undefined, { dryRun: true }))).toEqual({ created: 9 })
    expect(writes(target)).toEqual([])
  })
})

describe('rules', () => {
  test('that send mail to others are switched off', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const to = [{ emailAddress: { name: 'Alex', address: 'alex@contoso.example' } }]
    for (const name of ['forwardTo', 'forwardAsAttachmentTo', 'redirectTo']) {
      source.state.addRule(ada, { displayName: name, actions: { [name]: to } })
    }
    source.state.addRule(ada, { displayName: 'Broken', hasError: true, actions: { delete: true } })
    source.state.addRule(ada, { displayName: 'Made by Outlook', isReadOnly: true, actions: { delete: true } })
    const held = only(await read(source, ada), 'rules')
    const outcomes = await restore(target, held)
    expect(count(outcomes)).toEqual({ created: 9, skipped: 1 })
    expect(codes(outcomes)).toEqual([...Array<string>(3).fill('rule-disabled-forwards'), 'rule-disabled-error'])
    const made = target.state.rules(grace).slice(5)
    expect(made.map(({ isEnabled }) => isEnabled)).toEqual([false, false, false, false])
    expect(made[0]?.actions).toEqual({ forwardTo: to })
    expect(count(await restore(target, held))).toEqual({ duplicate: 9, skipped: 1 })
  })

  test('whose folder is missing wait for it, switched off', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld(false)]
    const held = only(await read(source, ada), 'rules')
    const outcomes = await restore(target, held)
    expect(codes(outcomes)).toEqual(['rule-disabled-folder'])
    expect(target.state.rules(grace)[0]).toMatchObject({ displayName: 'Everything', isEnabled: false })
    expect(target.state.rules(grace)[0]?.actions).not.toHaveProperty('moveToFolder')
    expect(count(await restore(target, held))).toEqual({ duplicate: 5 })
    addFolders(target)
    const third = await restore(target, held)
    expect([...third.values()][0]).toMatchObject({ kind: 'duplicate', completed: true })
    expect(rulesOf(target, grace)[0]).toEqual(rulesOf(source, ada)[0])
    expect(target.state.rules(grace)).toHaveLength(5)
  })

  test('find their folder below the one into which mail was restored', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld(false)]
    const { tenant } = target.simulator
    tenant.addFolder(grace, { displayName: 'Restored' })
    tenant.addFolder(grace, { displayName: 'Lists', parent: 'Restored' })
    tenant.addFolder(grace, { displayName: 'Inbox', parent: 'Restored' })
    tenant.addFolder(grace, { displayName: 'Projects', parent: 'Restored/Inbox' })
    tenant.addFolder(grace, { displayName: '2024', parent: 'Restored/Inbox/Projects' })
    await restore(target, only(await read(source, ada), 'rules'), ['rules'], { targetFolder: 'Restored' })
    expect(target.state.rules(grace)[0]).toMatchObject({
      isEnabled: true,
      actions: { moveToFolder: tenant.folder(grace, 'Restored/Inbox/Projects/2024').id },
    })
  })

  test('keep their order beside those that are there', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    target.state.addRule(grace, { displayName: 'Own', actions: { markAsRead: true } })
    await restore(target, only(await read(source, ada), 'rules'))
    const names = target.state.rules(grace).map(({ displayName }) => displayName)
    expect(names).toEqual(['Everything', 'Junk', 'Off', 'Same', 'Same', 'Own'])
  })

  test.each(['reset-after', 'done-but-failed'] as const)('are not doubled by lost answers: %s', async (kind) => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    target.simulator.faults.add({ kind, match: { method: 'POST', path: 'messageRules|masterCategories' } })
    expect(count(await restore(target, await read(source, ada)))).toEqual({ created: 9 })
    expect(target.state.rules(grace)).toHaveLength(5)
    expect(target.state.categories(grace)).toHaveLength(3)
  })

  test('one that Graph refuses does not stop the others', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = only(await read(source, ada), 'rules')
    target.simulator.faults.add({
      kind: 'status',
      status: 400,
      code: 'ErrorInvalidRequest',
      match: { method: 'POST' },
      count: 1,
    })
    const outcomes = await restore(target, held)
    expect(count(outcomes)).toEqual({ failed: 1, created: 4 })
  })

  test('of people who have a counterpart name that one', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const people = ({ address }: { readonly address?: string | undefined }) =>
      address === 'adele@contoso.example' ? { id: 'x', address: 'adele@fabrikam.example' } : undefined
    await restore(target, only(await read(source, ada), 'rules'), ['rules'], { people })
    const [rule] = target.state.rules(grace)
    expect(rule?.conditions).toMatchObject({
      fromAddresses: [{ emailAddress: { address: 'adele@fabrikam.example' } }],
      sentToAddresses: [{ emailAddress: { address: 'list@contoso.example' } }],
    })
  })
})

describe('settings and categories', () => {
  test('a setting that Graph refuses is named, the others go on', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    source.state.setSettings(ada, { timeZone: 'Nowhere Standard Time' })
    const outcomes = await restore(target, only(await read(source, ada), 'settings'))
    expect([...outcomes.values()][0]).toMatchObject({
      kind: 'created',
      remarks: [
        { code: 'setting-refused', detail: 'timeZone' },
        { code: 'automatic-replies-off' },
        { code: 'setting-kept', detail: 'delegateMeetingMessageDeliveryOptions' },
      ],
    })
    expect(target.state.settings(grace).language).toEqual(settings.language)
  })

  test('replies that are on stay on with other texts, and those that were off are switched off', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const replies = settings.automaticRepliesSetting
    target.state.setSettings(grace, {
      automaticRepliesSetting: { ...replies, status: 'scheduled', internalReplyMessage: 'x' },
    })
    const held = await read(source, ada)
    expect(codes(await restore(target, only(held, 'settings'), ['automatic-replies']))).toEqual(['setting-kept'])
    expect(target.state.settings(grace).automaticRepliesSetting).toEqual({ ...replies, status: 'scheduled' })
    source.state.setSettings(ada, { automaticRepliesSetting: { ...replies, status: 'disabled' } })
    await restore(target, only(await read(source, ada), 'settings'), ['automatic-replies'])
    expect(target.state.settings(grace).automaticRepliesSetting).toEqual({ ...replies, status: 'disabled' })
  })

  test('a category of the name keeps its color', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    target.state.addCategory(grace, 'RED CATEGORY', 'preset5')
    const outcomes = await restore(target, only(await read(source, ada), 'categories'))
    expect(count(outcomes)).toEqual({ created: 2, duplicate: 1 })
    expect(codes(outcomes)).toEqual(['category-color-differs'])
    expect(target.state.categories(grace)[0]).toMatchObject({ displayName: 'RED CATEGORY', color: 'preset5' })
  })
})
