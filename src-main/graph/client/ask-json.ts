import type { WireParts } from './batch-wire.ts'
import { perform } from './perform.ts'
import { prepare } from './prepare.ts'
import { readJson } from './readers.ts'
import type { Together } from './together.ts'
import type { GraphRequest } from './types.ts'
import { WireFault } from './wire-fault.ts'

export interface AskParts extends WireParts {
  readonly together: Together
}

/**
 * Asks for JSON, in company if the request says so and there is any. `read` may throw a WireFault for what is not whole:
 * then it is asked for again.
 */
export async function askJson<T = unknown>(
  parts: AskParts,
  request: GraphRequest,
  // The caller names the type of the resource it asked for.
  read: (body: unknown) => T = (body) => body as T,
): Promise<T> {
  const told = request.together === undefined ? undefined : await parts.together.ask(parts, request.together, request)
  if (told !== undefined) {
    try {
      return read(told.body)
    } catch (error) {
      if (!(error instanceof WireFault)) throw error
    }
  }
  const headers = { 'accept-encoding': 'gzip', ...request.headers }
  return await perform(parts, prepare({ ...request, headers }, parts.base, parts.userAgent), {
    read: async ({ answer }) => read(await readJson(answer)),
  })
}
