import { describe, expect, it } from 'vitest'
import { comparable } from './restore-compare.ts'
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
} from './restore-scene.ts'
import { fillWhole } from './team-contents.ts'

const [ada] = contoso

describe('a team, from one tenant into an empty team of another', () => {
  it('comes back equal, field by field, and nobody is told', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    fillWhole(source.teams, source.team)
    const held = await read(source)
    expect(held.unread.size).toBe(0)
    const people = peopleOf(source, target)
    const restored = await restore(target, held, { people, onRequest: new Set(['group-settings']) })
    expect(kinds(restored)).toEqual(['created'])
    expect(remarkCodes(restored)).toEqual([])
    const there = await read(target)
    expect(comparable(there, target.users)).toEqual(comparable(held, source.users))
    expect(target.told()).toBe(0)
    expect(lockedIn(target)).toEqual([])
    expect(restored.ledger.entries).toEqual([])
    expect(new Set(restored.ledger.noted).size).toBe(4)
    expect(target.simulator.log.unknown).toEqual([])
    expect(source.simulator.log.unknown).toEqual([])
  })

  it('comes back the same after a second read, and a second restore makes nothing', async () => {
    const source = await teamTenant(contoso)
    const target = await teamTenant(fabrikam)
    fillWhole(source.teams, source.team)
    const first = await read(source)
    const plans = source.teams.channel(source.team, 'Plans')
    const [step] = plans.messages
    if (step === undefined) throw new Error('no message')
    source.teams.edit(plans, step, '<p>another first step</p>')
    source.teams.post(plans, ada, { text: 'an answer' }, step)
    source.teams.post(plans, ada, { text: 'the end' })
    const second = await read(source, first)
    expect(comparable(second, source.users)).toEqual(comparable(await read(source), source.users))
    const people = peopleOf(source, target)
    const options = { people, onRequest: new Set(['group-settings'] as const) }
    const restored = await restore(target, second, options)
    expect(remarkCodes(restored)).toEqual(['edit-time-lost'])
    const there = comparable(await read(target), target.users)
    const sent = posts(target)
    const again = await restore(target, second, options)
    expect(kinds(again)).toEqual(['duplicate'])
    expect(posts(target)).toBe(sent)
    expect(again.ledger.noted).toEqual([])
    expect(comparable(await read(target), target.users)).toEqual(there)
  })
})
