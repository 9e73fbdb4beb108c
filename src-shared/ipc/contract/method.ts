import type { z } from 'zod'

/** A call of the window: who answers it, what it takes, what it gives. */
export interface Method<By extends 'shell' | 'host', Params extends z.ZodType, Value extends z.ZodType> {
  readonly by: By
  readonly params: Params
  readonly value: Value
}

/** Answered by the main process. */
export function shell<Params extends z.ZodType, Value extends z.ZodType>(
  params: Params,
  value: Value,
): Method<'shell', Params, Value> {
  return { by: 'shell', params, value }
}

/** Passed on to the engine host. */
export function host<Params extends z.ZodType, Value extends z.ZodType>(
  params: Params,
  value: Value,
): Method<'host', Params, Value> {
  return { by: 'host', params, value }
}
