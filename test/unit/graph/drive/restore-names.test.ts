import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  acceptableName,
  copiesKey,
  copyKeyOf,
  copyName,
  nameForms,
} from '../../../../src-main/graph/drive/target-names.ts'

describe('acceptableName', () => {
  it.each([
    '100% #1 + more.txt',
    "O'Brien; a=b,c&d.txt",
    '🎉.txt',
    '.hidden',
    '~x',
    'a..b',
    'con.txt',
    'x'.repeat(255),
  ])('leaves %s as it is', (name) => {
    expect(acceptableName(name)).toBe(name)
  })

  it.each([
    ['a:b?.txt', 'a_b_.txt'],
    [' x ', 'x'],
    ['x...', 'x'],
    ['..', '_'],
    ['', '_'],
    ['CON', '_CON'],
    ['desktop.ini', '_desktop.ini'],
    ['~$lock.docx', '_$lock.docx'],
    ['a_VTI_b', 'a_vti-b'],
    ['tab\there', 'tab_here'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(251)}.txt`],
  ])('maps %s', (name, mapped) => {
    expect(acceptableName(name)).toBe(mapped)
  })

  it('gives what Graph takes whatever comes in, and keeps it the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const mapped = acceptableName(name)
        expect(mapped).not.toMatch(/["*:<>?/\\|\p{Cc}]|^~\$|_vti_|[. ]$|^ /iu)
        expect(mapped.length).toBeGreaterThan(0)
        expect(mapped.length).toBeLessThanOrEqual(255)
        expect(mapped.isWellFormed()).toBe(true)
        expect(acceptableName(mapped)).toBe(mapped)
      }),
    )
  })
})

describe('nameForms', () => {
  it('ends with a short one that no other name has', () => {
    const [first, , short] = nameForms(`50% ${'x'.repeat(220)}.txt`, false)
    expect(first).toBe(`50% ${'x'.repeat(220)}.txt`)
    expect(short).toMatch(/^50_ x{20} ~[a-z2-7]{10}\.txt$/)
    expect(nameForms('a.b', true).at(-1)).toMatch(/^a\.b ~[a-z2-7]{10}$/)
  })
})

describe('copyName', () => {
  it('puts the date before the extension, and counts', () => {
    expect(copyName('Report.docx', '2026-11-21', 1, false)).toBe('Report (restored 2026-11-21).docx')
    expect(copyName('Report.docx', '2026-11-21', 2, false)).toBe('Report (restored 2026-11-21 2).docx')
    expect(copyName('v1.0', '2026-11-21', 1, true)).toBe('v1.0 (restored 2026-11-21)')
    expect(copyName('.hidden', '2026-11-21', 1, false)).toBe('.hidden (restored 2026-11-21)')
  })

  it('is known again on another day, at any length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9_999 }),
        (text, folder, number) => {
          const name = acceptableName(text)
          const copy = copyName(name, '2026-11-21', number, folder)
          expect(copy.length).toBeLessThanOrEqual(255)
          expect(copyKeyOf(copy)).toBe(copiesKey(name, folder))
        },
      ),
    )
  })

  it('is not seen in other names', () => {
    expect(copyKeyOf('Report (restored).docx')).toBeUndefined()
    expect(copyKeyOf('Report (restored 2026-11-21) final.docx')).toBeUndefined()
  })
})
