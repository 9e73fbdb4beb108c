import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import type { ErrorCode } from '../../../src-shared/model/error-codes.ts'

/** All codes, from the source of their type: a type is not there when a test runs. */
const source = readFileSync(new URL('../../../src-shared/model/error-codes.ts', import.meta.url), 'utf8')
const codes = Array.from(source.matchAll(/^ {2}\| '([^']+)'$/gm), ([, code]) => code as ErrorCode)

describe('the sentence of an error', () => {
  it('is there for every code', () => {
    expect(codes.length).toBeGreaterThan(50)
  })

  it.each(codes)('%s: one sentence that can do without a context', (code) => {
    for (const context of [{}, { reason: 'unheard of' }, { reason: 'constructor' }]) {
      const sentence = errorSentence(code, context)
      expect(sentence).toMatch(/^[A-Z].{20,}\.$/)
      expect(sentence).not.toMatch(/[{}\n]|undefined/)
      // One sentence: what happened, and what to do.
      expect(sentence.replaceAll(/"[^"]*"|https?:\/\//g, '').match(/[.!?] /g)).toBeNull()
    }
  })

  it('says what the context knows', () => {
    const context = { hostname: 'desk', pid: 42, exclusive: true, ageMinutes: 3 }
    expect(errorSentence('repository.locked', context)).toContain('by process 42 on desk, for 3 minutes')
    expect(errorSentence('repository.locked', { pid: 42 })).toContain('by another program')
    expect(errorSentence('store.unreachable', { place: '/mnt/x', errno: 'EIO' })).toMatch(
      /^\/mnt\/x cannot be reached \(EIO\)/,
    )
    expect(errorSentence('store.unreachable', { place: '/mnt/x' })).toMatch(/^\/mnt\/x cannot be reached:/)
    expect(errorSentence('auth.failed', { reason: 'unknown-tenant' })).toContain('--office365-tenant-id')
    expect(errorSentence('auth.failed', { aadsts: 50034 })).toContain('(AADSTS50034)')
    const certificate = { reason: 'no-file', certificate: '/c.pem' }
    expect(errorSentence('auth.certificate-unreadable', certificate)).toContain('no certificate file at /c.pem')
  })

  it('shows nothing of the context that a terminal takes for a command', () => {
    expect(errorSentence('store.full', { place: '/mnt/\x1b]0;x\x07{errno}' })).toContain(
      'in /mnt/\ufffd]0;x\ufffd{errno}:',
    )
  })
})
