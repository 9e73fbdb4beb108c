import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { EVERYTHING, messagesOf, requireCode, summaryOf, Workplace } from './program.ts'

let simulator: GraphSimulator
let place: Workplace

beforeAll(async () => {
  const roles = ['User.Read.All', 'Mail.ReadWrite', 'Calendars.Read', 'Sites.Selected']
  simulator = await startGraphSimulator({ tenant: { kind: 'inline', users: [] }, app: { roles } })
  place = new Workplace(simulator)
})

afterAll(async () => {
  place.remove()
  await simulator.close()
})

describe('holdfast permissions', () => {
  const chosen = { HOLDFAST_OFFICE365_INCLUDED_USER_TYPES: 'Mailbox,Calendar,Files,Notes', HOLDFAST_EXCLUDE: '' }

  it('says from the token itself what is needed, granted and missing', async () => {
    const done = await place.json(['permissions'], { env: chosen })
    requireCode(done, 3)
    const needs = messagesOf(done, 'permission')
    expect(needs).toContainEqual(
      expect.objectContaining({ type: 'mail', during: 'restore', granted: ['Mail.ReadWrite'], missing: false }),
    )
    expect(needs).toContainEqual(
      expect.objectContaining({ type: 'calendar', during: 'restore', any_of: ['Calendars.ReadWrite'], missing: true }),
    )
    expect(needs).toContainEqual(
      expect.objectContaining({ type: 'notes', during: 'back up', any_of: [], missing: false }),
    )
    expect(summaryOf(done)).toMatchObject({
      signed_in_as: 'application',
      missing: [
        'MailboxSettings.Read',
        'MailboxSettings.ReadWrite',
        'Calendars.ReadWrite',
        'Files.Read.All',
        'Sites.ReadWrite.All',
      ],
      not_needed: ['Sites.Selected'],
    })
  })

  it('is content when nothing is missing for the chosen types', async () => {
    const done = await place.run(['permissions', '--include', 'type:mail'], { env: chosen })
    requireCode(done, 0)
    expect(done.stdout).toContain('Nothing is missing.')
    expect(done.stdout).toMatch(/✓ {2}mail of users, back up .*read mail: Mail\.ReadWrite/)
  })

  it('tells that OneNote cannot be had with an application sign-in', async () => {
    const { stdout } = await place.run(['permissions'], { env: chosen })
    expect(stdout).toMatch(/- {2}notes of users, back up .*Graph does not offer it with this kind of sign-in/)
  })

  it('covers groups and sites, each with what its types need', async () => {
    const kinds = { ...EVERYTHING, HOLDFAST_OFFICE365_INCLUDED_ROOT_TYPES: 'Groups,Sites' }
    const done = await place.json(['permissions', '--exclude', 'type:site'], { env: kinds })
    requireCode(done, 3)
    const needs = messagesOf(done, 'permission')
    expect(new Set(needs.map(({ roots }) => roots))).toEqual(new Set(['groups', 'sites']))
    for (const [roots, type] of [
      ['groups', 'groups'],
      ['groups', 'teams'],
      ['sites', 'sites'],
      ['sites', 'pages'],
    ] as const)
      expect(needs).toContainEqual(expect.objectContaining({ roots, type, during: 'back up', missing: true }))
    expect(summaryOf(done).missing).toEqual(
      expect.arrayContaining(['Group.Read.All', 'ChannelMessage.Read.All', 'Sites.Read.All', 'Teamwork.Migrate.All']),
    )
    const { stdout } = await place.run(['permissions', '--exclude', 'type:site'], { env: kinds })
    expect(stdout).toMatch(
      /✗ {2}teams of groups, back up .*read messages of channels: missing ChannelMessage\.Read\.All/,
    )
    expect(stdout).toMatch(/✗ {2}sites, back up .*list sites: missing Sites\.Read\.All/)
  })
})
