import { ClientAuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node'
import { describe, expect, it } from 'vitest'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { personRefusal, personSignInError, signInError } from '../../../src-main/auth/sign-in-error.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'

const server = (error: string, aadsts: number): ServerError =>
  new ServerError(error, 'id', `AADSTS${String(aadsts)}: somebody@example.com`, '', String(aadsts), 400)

describe('what the sign-in service says to a person', () => {
  it.each([
    ['invalid_grant', 65001, 'auth.sign-in-again', 'consent', 'sign in again with "holdfast login --account work"'],
    ['invalid_grant', 50173, 'auth.sign-in-again', 'revoked', 'was ended'],
    ['invalid_grant', 700082, 'auth.sign-in-again', 'expired', 'has expired'],
    ['invalid_grant', 50076, 'auth.sign-in-again', 'second-factor', 'second proof'],
    ['invalid_grant', 53003, 'auth.sign-in-again', 'policy', 'AADSTS53003'],
    ['invalid_grant', 999999, 'auth.sign-in-again', undefined, 'sign in again'],
    ['interaction_required', 999999, 'auth.sign-in-again', undefined, 'sign in again'],
    ['invalid_request', 50011, 'auth.failed', 'redirect-address', 'http://localhost'],
    ['invalid_client', 7000218, 'auth.failed', 'not-a-public-client', 'Allow public client flows'],
    ['access_denied', 65004, 'auth.declined', undefined, 'declined'],
  ])('%s %i is %s (%s)', (word, aadsts, code, reason, words) => {
    const error = personSignInError(server(word, aadsts), 'work')
    expect([error.code, error.retry, error.context.reason]).toEqual([code, 'reauth', reason])
    expect(error.context).toMatchObject({ account: 'work', aadsts, error: word })
    expect(errorSentence(error.code, error.context)).toContain(words)
    expect(JSON.stringify(error.context)).not.toContain('somebody')
  })

  it('is told by its word where there is no number', () => {
    expect(personRefusal({ error: 'expired_token' }, 'work').context.reason).toBe('timed-out')
    expect(personRefusal({ error: 'something else' }, 'work').code).toBe('auth.failed')
    const silent = new InteractionRequiredAuthError('no_tokens_found', 'id')
    expect(personSignInError(silent, 'work').context.reason).toBe('signed-out')
    const state = new ClientAuthError('state_mismatch', 'id')
    expect(personSignInError(state, 'work').context.reason).toBe('state-differs')
  })

  it('is what the service said last, where MSAL keeps it to itself', () => {
    const hidden = new ClientAuthError('post_request_failed', 'id')
    const error = personSignInError(hidden, 'work', { error: 'invalid_client', aadsts: 7000218 })
    expect(error.context.reason).toBe('not-a-public-client')
    expect(personSignInError(new Error('x'), 'work', { error: 'invalid_grant', aadsts: 50173 }).context.reason).toBe(
      'revoked',
    )
  })

  it('means something else to an application', () => {
    expect(signInError(server('invalid_grant', 65001)).code).toBe('auth.consent-missing')
    const own = new EngineError('secrets.failed')
    expect(signInError(own)).toBe(own)
    expect(personSignInError(own, 'work')).toBe(own)
  })
})
