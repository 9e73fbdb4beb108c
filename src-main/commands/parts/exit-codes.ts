import { isEngineError, type ErrorCode } from '../../engine/model/errors.ts'
import { UsageError } from './usage-error.ts'

/** How the program ends. As restic does where it has the same. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Done, but some items failed; they are listed. */
  incomplete: 3,
  noRepository: 10,
  locked: 11,
  wrongPassphrase: 12,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const byErrorCode: ReadonlyMap<ErrorCode, ExitCode> = new Map<ErrorCode, ExitCode>([
  ['usage', exitCodes.usage],
  ['repository.not-found', exitCodes.noRepository],
  ['repository.locked', exitCodes.locked],
  ['settings.busy', exitCodes.locked],
  ['repository.wrong-passphrase', exitCodes.wrongPassphrase],
  ['cancelled', exitCodes.interrupted],
])

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage
  if (isEngineError(error)) return byErrorCode.get(error.code) ?? exitCodes.failed
  return exitCodes.failed
}
