import { describe, expect, it } from 'vitest'
import { applicationPermissions, personScopes, readPurpose } from '../../../../src-main/commands/parts/login-scopes.ts'
import { OptionValues } from '../../../../src-main/commands/parts/option-values.ts'
import { UsageError } from '../../../../src-main/commands/parts/usage-error.ts'

function values(texts: Readonly<Record<string, string | boolean>>): OptionValues {
  return new OptionValues(
    new Map(Object.entries(texts).map(([name, value]) => [name, { value, fromCommandLine: true }])),
  )
}

const scopes = (texts: Readonly<Record<string, string | boolean>>, personal = false): readonly string[] =>
  personScopes(readPurpose(values(texts), 'person'), personal)

const permissions = (texts: Readonly<Record<string, string | boolean>>): readonly string[] =>
  applicationPermissions(readPurpose(values(texts), 'application')).map(({ name }) => name)

describe('what a person is asked for', () => {
  it('is the least that the types need', () => {
    expect(scopes({ types: 'mail' })).toEqual(['User.Read', 'Mail.Read'])
    expect(scopes({ types: 'mail, calendar' })).toEqual(['User.Read', 'Mail.Read', 'Calendars.Read'])
  })

  it('is what restoring needs, and no more where that covers reading', () => {
    expect(scopes({ types: 'mail', 'for-restore': true })).toEqual(['User.Read', 'Mail.ReadWrite'])
  })

  it('is for all of a person without --types, and nothing of groups and sites', () => {
    const all = scopes({})
    expect(all).toEqual(
      expect.arrayContaining(['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Files.Read', 'Chat.Read']),
    )
    expect(all.filter((name) => /^(Group|Sites|Team|Channel)/.test(name))).toEqual([])
  })

  it('is for groups and sites what finds them, too', () => {
    const ofSites = { 'office365-included-root-types': 'Sites', types: 'pages' }
    expect(scopes(ofSites)).toEqual(['User.Read', 'Sites.Read.All'])
    const ofGroups = { 'office365-included-root-types': 'Groups', types: 'planner' }
    expect(scopes(ofGroups)).toContain('Group.Read.All')
  })

  it('leaves out what personal accounts do not have', () => {
    const personal = scopes({}, true)
    expect(personal).toEqual(expect.arrayContaining(['User.Read', 'Mail.Read', 'Files.Read', 'Notes.Read']))
    expect(personal.filter((name) => name.startsWith('Chat'))).toEqual([])
  })

  it('can be a place for repositories alone', () => {
    expect(scopes({ types: 'onedrive-destination' })).toEqual(['User.Read', 'Files.ReadWrite'])
    expect(scopes({ types: 'mail,sharepoint-destination' })).toEqual([
      'User.Read',
      'Mail.Read',
      'Files.ReadWrite.All',
      'Sites.Read.All',
    ])
  })

  it('is nothing that does not exist', () => {
    expect(() => scopes({ types: 'letters' })).toThrow(UsageError)
  })
})

describe('what an application has to be granted', () => {
  it('is what the types need, and what finds the users', () => {
    expect(permissions({ types: 'mail', 'office365-included-root-types': 'Users' })).toEqual([
      'User.ReadBasic.All',
      'Mail.Read',
    ])
    expect(permissions({ types: 'mail', 'office365-included-root-types': 'Users', 'for-restore': true })).toEqual([
      'User.ReadBasic.All',
      'Mail.ReadWrite',
    ])
  })

  it('is for groups and sites too', () => {
    expect(permissions({})).toEqual(expect.arrayContaining(['Group.Read.All', 'Sites.Read.All', 'Mail.Read']))
  })

  it('can be a place for repositories alone', () => {
    expect(permissions({ types: 'group-destination' })).toEqual(['Files.ReadWrite.All', 'Group.Read.All'])
  })
})
