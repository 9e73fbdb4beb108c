import { isEngineError } from '../../engine/model/errors.ts'

/** Teams counts per tenant. */
export const teamsPool = { kind: 'teams' } as const

/** Members of enumerations that came later by their names, "systemEventMessage" among them. */
export const laterNames = 'include-unknown-enum-members'

/** Whether Teams does not give something: not allowed, or not for this kind of chat or team. */
export function isWithheld(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.forbidden') ||
    isEngineError(error, 'graph.not-found') ||
    isEngineError(error, 'graph.request-refused')
  )
}
