import { describe, expect, it } from 'vitest'
import {
  contoso,
  fabrikam,
  kinds,
  lockedIn,
  peopleOf,
  posts,
  read,
  remarkCodes,
  restore,
  teamTenant,
  wordsOf,
} from './restore-scene.ts'
import { file, fillLosses } from './team-contents.ts'

const [ada, grace, alan] = contoso

describe('what Teams takes back in another form', () => {
  it('says so, message by message', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    fillLosses(source.teams, source.team)
    const held = await read(source)
    const restored = await restore(target, held, { people: peopleOf(source, target) })
    expect(wordsOf(target, 'General')).toEqual([
      ['<p>Ask <strong>Grace</strong></p>'],
      [
        '<p>the plan</p><p><a href="https://contoso.sharepoint.example/sites/team/plan.docx">plan.docx</a></p>' +
          '<p><a href="https://contoso.sharepoint.example/sites/team/more.docx">more.docx</a></p>',
      ],
      ['<p>Deploy?\nYes or no</p><blockquote><strong>Grace</strong>: Deploy at ten</blockquote><p>what now?</p>'],
      ['still there', 'me too'],
      ['<p>huge huge code code</p>'],
    ])
    expect(remarkCodes(restored)).toEqual([
      'mentions-as-text',
      'reactions-lost',
      'file-links-to-source',
      'card-as-text',
      'quote-as-text',
      'deleted-message-left-out',
      'answer-without-first',
      'picture-left-out',
    ])
    const codes = [...restored.outcomes.values()].map((outcome) => ('code' in outcome ? outcome.code : outcome.kind))
    expect(codes.filter((code) => code !== 'created').sort()).toEqual(['channel-event-not-restored', 'only-on-request'])
    expect(target.told()).toBe(0)
    const again = await restore(target, held, { people: peopleOf(source, target) })
    expect(kinds(again)).toEqual(['duplicate', 'skipped'])
    expect(again.ledger.noted).toEqual([])
  })

  it('keeps links to files as attachments within a tenant', async () => {
    const scene = await teamTenant(contoso)
    const general = scene.teams.channel(scene.team, 'General')
    const attachments = [file('f1', 'plan.docx')]
    const sent = scene.teams.post(general, ada, { html: '<p>see</p><attachment id="f1"></attachment>', attachments })
    const held = await read(scene)
    scene.teams.purge(general, sent)
    const restored = await restore(scene, held, { people: ({ id }) => ({ id: id ?? '', address: '' }) })
    expect(remarkCodes(restored)).toEqual([])
    expect(general.messages).toMatchObject([
      { createdDateTime: sent.createdDateTime, body: sent.body, attachments: [{ id: 'f1', name: 'plan.docx' }] },
    ])
  })

  it('names authors without a counterpart in the text, under an owner of the team', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    const general = source.teams.channel(source.team, 'General')
    const first = source.teams.post(general, alan, { html: '<p>who am I?</p>' })
    source.teams.post(general, alan, { text: 'and < this?' }, first)
    source.teams.post(general, ada, { text: 'Alan' }, first)
    const held = await read(source)
    const people = peopleOf(source, target, 2)
    const restored = await restore(target, held, { people })
    expect(remarkCodes(restored)).toEqual(['author-as-text'])
    expect(wordsOf(target, 'General')).toEqual([
      ['<p><strong>alan:</strong></p><p>who am I?</p>', '<p><strong>alan:</strong></p><p>and &lt; this?</p>', 'Alan'],
    ])
    const [message] = target.teams.channel(target.team, 'General').messages
    expect(message?.from).toMatchObject({ user: { id: target.users[0] } })
    expect(kinds(await restore(target, held, { people }))).toEqual(['duplicate', 'skipped'])
    // Somebody was found meanwhile: still the same message.
    expect(kinds(await restore(target, held, { people: peopleOf(source, target) }))).toEqual(['duplicate', 'skipped'])
  })

  it('takes an owner of the team where Teams refuses an author', async () => {
    const scene = await teamTenant(contoso)
    const general = scene.teams.channel(scene.team, 'General')
    for (const text of ['one', 'two']) scene.teams.post(general, alan, { text })
    const held = await read(scene)
    general.messages.splice(0)
    // As of somebody who left the tenant.
    const people = (): { id: string; address: string } => ({ id: '0b4f1d3c-0000-4000-a000-000000000000', address: '' })
    scene.simulator.log.clear()
    const restored = await restore(scene, held, { people })
    expect(remarkCodes(restored)).toEqual(['author-as-text', 'author-as-text'])
    expect(posts(scene)).toBe(3)
    expect(kinds(await restore(scene, held, { people }))).toEqual(['duplicate', 'skipped'])
  })

  it('makes everything again where it is told not to look', async () => {
    const scene = await teamTenant(contoso)
    const general = scene.teams.channel(scene.team, 'General')
    const first = scene.teams.post(general, ada, { text: 'one' })
    scene.teams.post(general, grace, { text: 'two' }, first)
    const held = await read(scene)
    const people = ({ id }: { readonly id?: string | undefined }): { id: string; address: string } => ({
      id: id ?? '',
      address: '',
    })
    const restored = await restore(scene, held, { people, ignoreExisting: true })
    expect(remarkCodes(restored)).toEqual(['time-shifted'])
    expect(wordsOf(scene, 'General')).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ])
  })

  it('skips what nobody can be shown as the author of', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam, { owned: false })
    source.teams.post(source.teams.channel(source.team, 'General'), ada, { text: 'hello' })
    const { outcomes } = await restore(target, await read(source))
    expect([...outcomes.values()]).toContainEqual({ kind: 'skipped', code: 'author-unknown' })
    expect(lockedIn(target)).toEqual([])
  })
})
