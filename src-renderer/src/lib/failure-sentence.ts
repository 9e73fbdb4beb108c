import type { ErrorCode } from '../../../src-shared/model/error-codes.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { fillText } from '../../../src-shared/text/fill-text.ts'
import { failureOf, type FailureParams } from './api.ts'
import type { WindowSentence } from './texts/window-sentence.ts'
import { texts } from './texts/index.ts'

/** An error as reports and rows carry it. */
export interface Problem {
  readonly code: string
  readonly params: FailureParams
}

/** What a button beside a failure can do about it. */
export type NextStep = 'try-again' | 'sign-in-again' | null

/** What happened and what to do next, in one sentence. */
export function failureSentence(cause: unknown): string {
  return problemSentence(failureOf(cause))
}

export function problemSentence({ code, params }: Problem): string {
  if (code === 'usage' && typeof params.sentence === 'string') return params.sentence
  const own: Readonly<Record<string, WindowSentence | undefined>> = {
    ...texts.failures.byCode,
    ...texts.failures.findings,
  }
  const { reasons = {}, otherwise } = own[code] ?? {}
  const byReason = typeof params.reason === 'string' ? reasons[params.reason] : undefined
  return filled(byReason, params) ?? filled(otherwise, params) ?? errorSentence(code as ErrorCode, params)
}

function filled(template: WindowSentence['otherwise'], params: FailureParams): string | undefined {
  return template === undefined ? undefined : fillText(template, params)
}

export function nextStep(cause: unknown): NextStep {
  const { retry, code } = failureOf(cause)
  if (retry === 'reauth' || code === 'auth.sign-in-again') return 'sign-in-again'
  return retry === 'later' || code === 'engine.stopped' ? 'try-again' : null
}
