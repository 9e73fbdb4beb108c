import { expect, test } from 'vitest'
import { remarkText, remarkTexts } from '../../../src-shared/text/restore-remarks.ts'

test('every remark is one plain sentence by a code in lower case', () => {
  for (const [code, sentence] of Object.entries(remarkTexts)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(sentence).toMatch(/^[A-Za-z].*[^.]$/)
    expect(sentence).not.toContain('\n')
  }
})

test('a detail stands behind it', () => {
  expect(remarkText('field-refused')).toBe('Graph did not take one of its fields')
  expect(remarkText('field-refused', 'city')).toBe('Graph did not take one of its fields: city')
})

test('an unknown code has a sentence too', () => {
  expect(remarkText('toString')).toBe('something did not come back as it was (toString)')
})
