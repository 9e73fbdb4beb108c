import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src-main/commands/parts/usage-error.ts'
import { failure, problemOf } from '../../../src-main/engine-host/envelope.ts'
import { EngineError, type ErrorContext } from '../../../src-main/engine/model/errors.ts'

describe('the envelope of an error', () => {
  it('has the code, what fills the sentence, and whether to try again', () => {
    const error = new EngineError('settings.busy', { retry: 'later', context: { pid: 7, hostname: 'north' } })
    expect(failure(error)).toEqual({
      ok: false,
      error: { code: 'settings.busy', params: { pid: 7, hostname: 'north' }, retry: 'later' },
    })
  })

  it('has the sentence of wrong usage', () => {
    expect(problemOf(new UsageError('Choose another name.'))).toEqual({
      code: 'usage',
      params: { sentence: 'Choose another name.' },
    })
  })

  it('says nothing of what the program did not expect', () => {
    expect(failure(new TypeError('the subject is Quarterly figures'))).toEqual({
      ok: false,
      error: { code: 'internal', params: {}, retry: 'never' },
    })
    expect(problemOf('thrown text')).toEqual({ code: 'internal', params: {} })
  })

  it('lets through texts, numbers, yes and no, and no secret', () => {
    const context = { place: 'x', count: 2, whole: true, odd: NaN, list: ['a'], deep: { token: 't' } }
    const error = new EngineError('store.failed', { context: context as unknown as ErrorContext })
    expect(problemOf(error).params).toEqual({ place: 'x', count: 2, whole: true })
    const leaky = new EngineError('usage', { context: { reason: 'is hunter22, no' } })
    expect(problemOf(leaky, ['hunter22', 'a']).params).toEqual({ reason: 'is ***, no' })
  })
})
