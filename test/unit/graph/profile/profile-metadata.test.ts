import { describe, expect, test } from 'vitest'
import { profileDescriber } from '../../../../src-main/graph/profile/reader.ts'
import { profileMetadata, withChangeKey } from '../../../../src-main/graph/profile/profile-metadata.ts'
import { editableAlone, editableProperties } from '../../../../src-main/graph/profile/profile-properties.ts'
import { keepingUnread } from '../../../../src-main/graph/profile/profile-reading.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'

const ada: JsonObject = {
  id: 'x',
  displayName: 'Ada',
  userPrincipalName: 'ada@contoso.example',
  createdDateTime: '2024-01-01T00:00:00Z',
  skills: ['Mathematics'],
  manager: { displayName: 'Boss' },
}

function keyOf(properties: JsonObject): string {
  return profileDescriber.identity(profileMetadata(withChangeKey(properties))).changeKey
}

describe('the change key of a profile', () => {
  test('follows every property, but not their order', () => {
    expect(keyOf({ ...ada, skills: [] })).not.toBe(keyOf(ada))
    expect(keyOf({ ...ada, manager: { displayName: 'Chief' } })).not.toBe(keyOf(ada))
    expect(keyOf(Object.fromEntries(Object.entries(ada).toReversed()))).toBe(keyOf(ada))
    const plans = [{ service: 'exchange' }, { service: 'teams' }]
    expect(keyOf({ ...ada, assignedPlans: plans })).toBe(keyOf({ ...ada, assignedPlans: plans.toReversed() }))
    expect(keyOf({ ...ada, skills: ['a', 'b'] })).not.toBe(keyOf({ ...ada, skills: ['b', 'a'] }))
  })

  test('does not follow what changes by itself', () => {
    expect(keyOf({ ...ada, signInActivity: { lastSignInDateTime: '2024-01-01T00:00:00Z' } })).toBe(keyOf(ada))
  })
})

describe('a stored profile', () => {
  test('is one file, shown by name and address', async () => {
    const metadata = profileMetadata(ada)
    expect(profileDescriber.row(metadata, 5)).toMatchObject({
      name: 'profile',
      title: 'Ada',
      from: 'Ada <ada@contoso.example>',
      size: 5,
      time: Date.UTC(2024, 0, 1),
    })
    expect(await profileDescriber.searchText(metadata, new Uint8Array())).toBe(
      'Ada\nada@contoso.example\nMathematics\nBoss',
    )
  })

  test.each([{}, { properties: [] }, { properties: { displayName: 4, skills: 'x', manager: 1, mail: {} } }])(
    'may be broken: %j',
    async (metadata) => {
      expect(profileDescriber.row(metadata as JsonObject, 0).name).toBe('profile')
      expect(profileDescriber.identity(metadata as JsonObject).id).toBe('')
      await profileDescriber.searchText(metadata, new Uint8Array())
    },
  )
})

test('what could not be read stays what it was', () => {
  const now = { jobTitle: 'new', notRead: { skills: 'graph.forbidden', aboutMe: 'graph.forbidden' } }
  expect(keepingUnread(now, { jobTitle: 'old', skills: ['a'], city: 'gone' })).toEqual({ ...now, skills: ['a'] })
  expect(keepingUnread({ jobTitle: 'new' }, { skills: ['a'] })).toEqual({ jobTitle: 'new' })
})

test('nothing of the account is ever among what is sent', () => {
  const account = [
    'accountEnabled',
    'assignedLicenses',
    'licenseDetails',
    'passwordProfile',
    'passwordPolicies',
    'userPrincipalName',
    'mail',
    'mailNickname',
    'proxyAddresses',
    'identities',
    'usageLocation',
    'userType',
    'onPremisesImmutableId',
    'preferredDataLocation',
    'ageGroup',
    'consentProvidedForMinor',
  ]
  const sent: readonly string[] = [...editableProperties, ...editableAlone]
  expect(sent.filter((name) => account.includes(name))).toEqual([])
})
