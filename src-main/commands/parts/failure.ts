import { isEngineError } from '../../engine/model/errors.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { exitCodeOf, type ExitCode } from './exit-codes.ts'
import { OUTPUT_CLOSED } from './interruption.ts'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Longer than any sensible value that is no secret. */
const SHORTEST_SECRET = 4

/** Says what ended the command, and gives the exit code for it. */
export function reportFailure(error: unknown, output: Output, secrets: Iterable<string> = []): ExitCode {
  const exitCode = exitCodeOf(error)
  if (isEngineError(error, 'cancelled') && error.context.reason === OUTPUT_CLOSED) return exitCode
  const { code, sentence } = describeFailure(error)
  const message = withoutSecrets(sentence, secrets)
  if (output.json) output.object({ message_type: 'error', error: { message }, code, exit_code: exitCode })
  else output.failure(`holdfast: ${message}`)
  output.detail(withoutSecrets(origin(error), secrets))
  return exitCode
}

function describeFailure(error: unknown): { readonly code: string; readonly sentence: string } {
  if (error instanceof UsageError) return { code: 'usage', sentence: error.message }
  if (isEngineError(error)) return { code: error.code, sentence: errorSentence(error.code, error.context) }
  return { code: 'internal', sentence: errorSentence('internal') }
}

/** Where an error came from: for --verbose. */
function origin(error: unknown): string {
  const lines: string[] = []
  for (let cause: unknown = error; cause !== undefined && lines.length < 10;) {
    const context = isEngineError(cause) ? ` ${JSON.stringify(cause.context)}` : ''
    lines.push(cause instanceof Error ? `${cause.stack ?? cause.message}${context}` : typeof cause)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return lines.join('\ncaused by: ')
}

function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= SHORTEST_SECRET) clean = clean.replaceAll(secret, '***')
  return clean
}
