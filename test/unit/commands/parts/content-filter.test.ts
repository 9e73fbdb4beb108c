import { describe, expect, it } from 'vitest'
import { readContentChoice } from '../../../../src-main/commands/parts/content-filter.ts'
import { refusal } from './parsing.ts'

const ada = 'users/ada@contoso.example'
const day = (text: string): number => Date.parse(`${text}T00:00`)

describe('folders', () => {
  it('that are left out take what is below them along, whatever their case', () => {
    const { filter, rootIncludes, rootExcludes } = readContentChoice([], ['users/*/mailbox/Junk Email', `${ada}/notes`])
    expect(rootIncludes).toEqual([])
    expect(rootExcludes).toEqual([])
    expect(filter.takesContainer(`${ada}/mailbox/Inbox`)).toBe(true)
    expect(filter.takesContainer(`${ada}/mailbox/junk email`)).toBe(false)
    expect(filter.takesContainer(`${ada}/mailbox/Junk Email/Old`)).toBe(false)
    expect(filter.takesContainer(`${ada}/mailbox/Junk Email 2`)).toBe(true)
    expect(filter.takesContainer(`${ada}/notes/Work`)).toBe(false)
  })

  it('that are chosen choose their user, and nothing else of it', () => {
    const { filter, rootIncludes } = readContentChoice([`${ada}/onedrive/OneDrive/files/Projects`, 'users/bob*'], [])
    expect(rootIncludes).toEqual([ada, 'users/bob*'])
    expect(filter.takesContainer(`${ada}/onedrive/OneDrive/files/Projects/Moon`)).toBe(true)
    expect(filter.takesContainer(`${ada}/onedrive/OneDrive/files/Other`)).toBe(false)
    expect(filter.takesContainer('users/bob@contoso.example/mailbox/Inbox')).toBe(true)
  })

  it('are found at any depth behind **', () => {
    const { filter } = readContentChoice([], ['users/*/onedrive/**/node_modules'])
    expect(filter.takesContainer(`${ada}/onedrive/OneDrive/files/a/b/node_modules/c`)).toBe(false)
    expect(filter.takesContainer(`${ada}/onedrive/OneDrive/files/a/modules`)).toBe(true)
  })

  it('that never fitted are told', () => {
    const { filter, unused } = readContentChoice([], [`${ada}/mailbox/Junk Email`, `${ada}/mailbox/Jnuk`])
    filter.takesContainer(`${ada}/mailbox/Junk Email`)
    expect(unused()).toEqual([`${ada}/mailbox/Jnuk`])
  })

  it('of groups and sites are told from the address of the site', () => {
    const site = 'sites/contoso.sharepoint.example/sites/marketing'
    const { filter, rootIncludes, rootExcludes } = readContentChoice(
      [`${site}/press/lists/Contacts`, 'Groups/sales*/files'],
      [`${site}/press`, 'sites/**/libraries/**/Forms'],
    )
    expect(rootIncludes).toEqual([`${site}/press`, 'groups/sales*'])
    expect(rootExcludes).toEqual([`${site}/press`])
    expect(filter.takesContainer(`${site}/press/lists/Contacts`)).toBe(true)
    expect(filter.takesContainer(`${site}/press/lists/Tasks`)).toBe(false)
    expect(filter.takesContainer('groups/sales@contoso.example/files/Documents/files/A')).toBe(true)
    const { filter: other } = readContentChoice([], ['sites/**/libraries/**/Forms'])
    expect(other.takesContainer(`${site}/libraries/Documents/files/Forms`)).toBe(false)
    expect(other.takesContainer(`${site}/libraries/Documents/files/Plans`)).toBe(true)
  })

  it('are no matter where whole users are chosen', () => {
    const { filter, rootIncludes, rootExcludes } = readContentChoice([ada], ['users/bob/**'])
    expect({ rootIncludes, rootExcludes }).toEqual({ rootIncludes: [ada], rootExcludes: ['users/bob/**'] })
    expect(filter.fingerprint).toBe('')
    expect(filter.takesContainer('users/eve/mailbox/Inbox')).toBe(true)
  })
})

describe('dates and sizes', () => {
  it('keep out what fits an exclusion or does not fit an inclusion', () => {
    const { filter } = readContentChoice(['date>=2020-01-01'], ['size>1.5MB'])
    const takes = (date: string, size?: number): boolean => filter.takesItem('', { time: day(date), size })
    expect(takes('2020-01-01', 1_572_864)).toBe(true)
    expect(takes('2020-01-01', 1_572_865)).toBe(false)
    expect(takes('2019-12-31', 1)).toBe(false)
    // Whose size is not known before reading is not kept out.
    expect(takes('2021-05-05')).toBe(true)
  })

  it('make another filter of it when they change, in whatever order they are given', () => {
    const print = (...exclude: readonly string[]): string => readContentChoice([], exclude).filter.fingerprint
    expect(print('size>1MB', 'date<2020-01-01')).toBe(print('date<2020-01-01', 'SIZE>1mb'))
    expect(print('size>2MB')).not.toBe(print('size>1MB'))
    expect(print()).toBe('')
  })

  it('that make no sense are refused', async () => {
    expect(await refusal(() => readContentChoice(['size>big'], []))).toContain('takes a size like 500KB')
    expect(await refusal(() => readContentChoice([], ['date<someday']))).toContain('takes a day like')
  })
})

it('types are told apart from folders', () => {
  const choice = readContentChoice(['type:mail, calendar'], ['type:chats'])
  expect(choice).toMatchObject({ includedTypes: ['mail', 'calendar'], excludedTypes: ['chats'], rootIncludes: [] })
})
