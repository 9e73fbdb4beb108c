import { describe, expect, it } from 'vitest'
import { answerFailure, type Answered } from '../../../../src-main/graph/client/failure.ts'

const clientRequestId = '99999999-0000-0000-0000-000000000000'

function answered(status: number, code?: string, more: Partial<Answered> = {}): Answered {
  const error = { code, message: 'about somebody@example.com', innerError: { 'request-id': 'abcdef01-0000' } }
  return {
    method: 'GET',
    pool: 'mailbox',
    status,
    headers: {},
    emptyBody: code === undefined,
    body: code === undefined ? undefined : { error },
    clientRequestId,
    now: Date.UTC(2026, 10, 21),
    ...more,
  }
}

describe('an answer that is no success', () => {
  it.each<[number, string | undefined, string, string, string]>([
    [400, 'ErrorInvalidIdMalformed', 'graph.request-refused', 'never', 'final'],
    [400, 'ErrorInvalidRecipients', 'graph.item-unreadable', 'never', 'final'],
    [500, 'ErrorCorruptData', 'graph.item-unreadable', 'never', 'final'],
    [500, 'ErrorCannotOpenFileAttachment', 'graph.item-unreadable', 'never', 'final'],
    [401, 'InvalidAuthenticationToken', 'auth.failed', 'reauth', 'unauthorized'],
    [403, 'ErrorAccessDenied', 'graph.forbidden', 'never', 'final'],
    [404, 'ErrorItemNotFound', 'graph.not-found', 'never', 'final'],
    [404, undefined, 'graph.not-found', 'never', 'empty-not-found'],
    [404, 'MailboxNotEnabledForRESTAPI', 'graph.no-mailbox', 'never', 'final'],
    [404, 'ErrorNonExistentMailbox', 'graph.no-mailbox', 'never', 'final'],
    [408, 'timeout', 'graph.service-failed', 'later', 'fault'],
    [409, 'ErrorFolderExists', 'graph.conflict', 'never', 'final'],
    [409, 'Directory_ConcurrencyViolation', 'graph.conflict', 'never', 'fault'],
    [410, 'SyncStateNotFound', 'graph.cursor-lost', 'never', 'final'],
    [410, undefined, 'graph.cursor-lost', 'never', 'final'],
    [400, 'SyncStateInvalid', 'graph.cursor-lost', 'never', 'final'],
    [400, 'resyncRequired', 'graph.cursor-lost', 'never', 'final'],
    [412, 'ErrorIrresolvableConflict', 'graph.conflict', 'never', 'final'],
    [413, undefined, 'graph.request-refused', 'never', 'final'],
    [423, 'resourceLocked', 'graph.request-refused', 'never', 'fault'],
    [423, 'notAllowed', 'graph.locked', 'never', 'final'],
    [403, 'notAllowed', 'graph.locked', 'never', 'final'],
    [429, 'TooManyRequests', 'graph.throttled', 'later', 'throttled'],
    [509, undefined, 'graph.throttled', 'later', 'throttled'],
    [500, 'generalException', 'graph.service-failed', 'later', 'fault'],
    [503, undefined, 'graph.service-failed', 'later', 'fault'],
    [507, 'quotaLimitReached', 'graph.request-refused', 'never', 'final'],
  ])('%i %s is %s', (status, code, expected, retry, kind) => {
    const failure = answerFailure(answered(status, code))
    expect(failure.error.code).toBe(expected)
    expect(failure.error.retry).toBe(retry)
    expect(failure.kind).toBe(kind)
  })

  it('says what helps support, and nothing about anybody', () => {
    const { error } = answerFailure(answered(400, 'ErrorInvalidIdMalformed'))
    expect(error.context).toEqual({
      status: 400,
      graphCode: 'ErrorInvalidIdMalformed',
      requestId: 'abcdef01-0000',
      clientRequestId,
    })
  })

  it('leaves out a code that is a sentence', () => {
    const { error } = answerFailure(answered(400, 'The mailbox of somebody@example.com is gone'))
    expect(error.context).not.toHaveProperty('graphCode')
  })

  it('finds the code that matters however deep it is', () => {
    const innerError = { code: 'throttledRequest', innererror: { code: 'resyncChangesApplyDifferences' } }
    const { error } = answerFailure(answered(400, undefined, { body: { error: { code: 'badRequest', innerError } } }))
    expect(error.code).toBe('graph.cursor-lost')
    expect(error.context.graphCode).toBe('resyncChangesApplyDifferences')
  })

  it('does not take the refusal of a new item for an unreadable one', () => {
    const { error } = answerFailure(answered(400, 'ErrorInvalidRecipients', { method: 'POST' }))
    expect(error.code).toBe('graph.request-refused')
  })

  it('tells a request that Graph did not begin from one that it may have done', () => {
    expect(answerFailure(answered(503)).maybeDone).toBe(true)
    expect(answerFailure(answered(503, undefined, { headers: { 'retry-after': '3' } })).maybeDone).toBe(false)
    expect(answerFailure(answered(500, undefined, { headers: { 'retry-after': '3' } })).maybeDone).toBe(true)
    expect(answerFailure(answered(429)).maybeDone).toBe(false)
  })

  it('recognises that too many were in flight', () => {
    const body = { error: { code: 'ApplicationThrottled', message: 'over its MailboxConcurrency limit.' } }
    expect(answerFailure(answered(429, undefined, { body })).concurrency).toBe(true)
    expect(answerFailure(answered(429, 'TooManyRequests')).concurrency).toBe(false)
  })

  it('treats an empty 404 outside a mailbox as what it says', () => {
    expect(answerFailure(answered(404, undefined, { pool: 'directory' })).kind).toBe('final')
  })
})
