import type { GraphClient, GraphRequest } from '../client/types.ts'

/** Planner as the client addresses it: one pool for the whole tenant. */
export interface Planner {
  readonly client: GraphClient
  readonly signal: AbortSignal
}

export const plannerPool = { kind: 'planner' } as const

export function plannerRequest(
  { signal }: Planner,
  path: string,
  query?: Readonly<Record<string, string>>,
): GraphRequest {
  return { path, ...(query === undefined ? {} : { query }), pool: plannerPool, signal }
}
