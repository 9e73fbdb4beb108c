import { describe, expect, test } from 'vitest'
import { mailboxSettingsDescriber } from '../../../../src-main/graph/mailbox-settings/reader.ts'
import { ruleRequest, ruleShape } from '../../../../src-main/graph/mailbox-settings/rule-shape.ts'
import { listedProperties, settingsMetadata } from '../../../../src-main/graph/mailbox-settings/settings-metadata.ts'
import { storedPlaces } from '../../../../src-main/graph/mailbox-settings/mail-folders.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'

const nobody = (): undefined => undefined
const person = (name: string, address: string): JsonObject => ({ emailAddress: { name, address } })

const rule: JsonObject = {
  displayName: 'Move',
  sequence: 3,
  conditions: { subjectContains: ['a', 'B'], hasAttachments: false, importance: null, '@odata.type': 'x' },
  actions: { moveToFolder: 'old', markAsRead: true, forwardTo: [] },
}

describe('the request for a rule', () => {
  test('has the folders of the target and nothing empty', () => {
    expect(ruleRequest(rule, new Map([['old', 'new']]), nobody)).toEqual({
      lacksFolder: false,
      body: {
        displayName: 'Move',
        sequence: 3,
        conditions: { subjectContains: ['a', 'B'], hasAttachments: false },
        actions: { moveToFolder: 'new', markAsRead: true },
      },
    })
  })

  test('without its folder lacks it, and always has an action', () => {
    expect(ruleRequest(rule, new Map([['old', undefined]]), nobody)).toMatchObject({
      lacksFolder: true,
      body: { actions: { markAsRead: true } },
    })
    const alone = { displayName: '', sequence: 0, actions: { copyToFolder: 'old' } }
    expect(ruleRequest(alone, new Map(), nobody)).toEqual({
      lacksFolder: true,
      body: { displayName: 'Rule', sequence: 1, actions: { stopProcessingRules: true } },
    })
  })
})

describe('equal rules', () => {
  test('are known whatever Graph does to words, names and order', () => {
    const back = {
      id: 'x',
      isEnabled: false,
      sequence: 9,
      displayName: 'Move',
      conditions: { subjectContains: ['B', 'A'] },
      actions: { markAsRead: true, moveToFolder: 'OLD', delete: false, forwardTo: [] },
    }
    expect(ruleShape(back)).toBe(ruleShape(rule))
    const [one, other] = [person('A', 'a@x.example'), person('Other name', 'A@X.example')]
    expect(ruleShape({ actions: { forwardTo: [one] } })).toBe(ruleShape({ actions: { forwardTo: [other] } }))
  })

  test.each([
    { displayName: 'Copy' },
    { conditions: { subjectContains: ['a'] } },
    { exceptions: { subjectContains: ['a'] } },
    { actions: { moveToFolder: 'old' } },
  ])('are not those that differ in %j', (other) => {
    expect(ruleShape({ ...rule, ...other })).not.toBe(ruleShape(rule))
  })
})

describe('what is stored', () => {
  test('has a change key that follows its values, not their order', () => {
    const key = (body: JsonObject): unknown => listedProperties('rules', body).changeKey
    expect(key({ a: 1, b: { c: 1, d: 2 } })).toBe(key({ b: { d: 2, c: 1 }, a: 1 }))
    expect(key({ a: 1 })).not.toBe(key({ a: 2 }))
  })

  test('is called by what it is', () => {
    const row = (properties: JsonObject) => mailboxSettingsDescriber.row(settingsMetadata(properties), 0)
    expect(row(listedProperties('rules', { ...rule, id: 'r' })).name).toMatch(/^0003 Move ~/)
    expect(row(listedProperties('settings', { timeZone: 'UTC' }))).toMatchObject({
      name: 'settings',
      title: 'settings',
    })
    expect(row(listedProperties('categories', { id: 'c', displayName: 'Red' })).title).toBe('Red')
    const sends = { id: 'r', actions: { redirectTo: [person('Al', 'al@x.example')] } }
    expect(row(listedProperties('rules', sends)).to).toBe('Al <al@x.example>')
  })

  test('is found by its texts', async () => {
    const metadata = settingsMetadata(listedProperties('rules', { ...rule, id: 'r', conditions: { a: ['Oslo'] } }))
    expect(await mailboxSettingsDescriber.searchText(metadata, new Uint8Array())).toContain('Oslo')
  })

  test.each([{}, { properties: 1 }, { properties: { kind: 'x', actions: [], sequence: 'y', folders: [1, {}] } }])(
    'may be broken: %j',
    async (metadata) => {
      expect(typeof mailboxSettingsDescriber.row(metadata as JsonObject, 0).name).toBe('string')
      expect(mailboxSettingsDescriber.identity(metadata as JsonObject)).toEqual({ id: '', changeKey: '' })
      await mailboxSettingsDescriber.searchText(metadata, new Uint8Array())
    },
  )

  test('places of folders that are none are left out', () => {
    expect(storedPlaces({ folders: [1, {}, { id: 'x', names: [1, 'a'], anchor: 'inbox' }] })).toEqual([
      { id: 'x', anchor: 'inbox', anchorName: '', names: ['a'] },
    ])
  })
})
