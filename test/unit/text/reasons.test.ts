import { describe, expect, it } from 'vitest'
import { findingText } from '../../../src-shared/text/check-findings.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'

describe('why something is missing', () => {
  it('is said in plain words', () => {
    expect(reasonText('graph.forbidden')).toBe('Graph denies access')
    expect(reasonText('graph.forbidden', 'ErrorAccessDenied')).toBe('Graph denies access (ErrorAccessDenied)')
    expect(reasonText('graph.unheard-of')).toBe('it failed (graph.unheard-of)')
    expect(reasonText('toString')).toBe('it failed (toString)')
  })

  it('with what a check found', () => {
    const id = 'ab'.repeat(32)
    expect(findingText({ code: 'repository.pack-missing', subject: 'pack', id }, undefined)).toBe(
      'pack abababab: the pack file is missing',
    )
    const snapshot = 'cd'.repeat(32)
    const finding = { code: 'repository.blob-missing', subject: 'blob', id, snapshot, path: 'x' } as const
    expect(findingText(finding, 'users/ada ~abc')).toBe(
      'data abababab: the stored data is missing in the repository, snapshot cdcdcdcd, users/ada ~abc',
    )
  })
})
