import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelName, isSameName } from '../../../../src-main/graph/teams/restore-channel-names.ts'

describe('names of restored channels', () => {
  it.each([
    ['Plans', '', 'Plans'],
    ['Plans', ' (Restored)', 'Plans (Restored)'],
    ['R&D: what/next?', '', 'R-D- what-next-'],
    ['_private.', '', 'private'],
    ['..', '', '-'],
    ['Plans', '...', 'Plans'],
    ['', ' (2)', '- (2)'],
    ['a'.repeat(60), ' (Restored)', `${'a'.repeat(39)} (Restored)`],
    ['Plans', ` (${'x'.repeat(80)})`, `P (${'x'.repeat(47)}`],
    ['one\ttwo\u0000three', '', 'one two three'],
  ])('%s%s', (name, ending, wanted) => {
    expect(channelName(name, ending)).toBe(wanted)
  })

  it('cuts between characters as people see them', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(channelName(family.repeat(10))).toBe(family.repeat(4))
  })

  it('always makes what Teams takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 80 }), (name, ending) => {
        const made = channelName(name, ending)
        expect(made.length).toBeGreaterThan(0)
        expect(made.length).toBeLessThanOrEqual(50)
        expect(made).not.toMatch(/[~#%&*{}+/\\:<>?|'"\p{Cc}]|^[_.]|\.$/u)
        expect(made.isWellFormed()).toBe(true)
      }),
    )
  })

  it('are the same in whatever case', () => {
    expect(isSameName('Straße ', 'STRASSE')).toBe(true)
    expect(isSameName('Plans', 'Plan')).toBe(false)
  })
})
