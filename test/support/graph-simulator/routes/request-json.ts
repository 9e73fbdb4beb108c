import { maxRequestBytes, requestSlackBytes } from '../http/body.ts'
import { badRequest, requestTooLarge } from '../http/errors.ts'
import type { SimulatorRequest } from '../http/exchange.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Refuses bodies over Graph's 4 MB. */
export function refuseTooLarge(request: SimulatorRequest): void {
  if (request.overflow > 0 || request.body.length > maxRequestBytes + requestSlackBytes) throw requestTooLarge()
}

/** The request's JSON object, or the 400 Graph gives for anything else. */
export function jsonObject(request: SimulatorRequest): JsonObject {
  refuseTooLarge(request)
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw badRequest(
      'A valid Content-Type header with application/json is required for this request.',
      'RequestBodyRead',
    )
  }
  const value = parsed(request.body)
  if (!isObject(value)) throw badRequest('Unable to read JSON request payload.', 'BadRequest')
  return value
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    )
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A property whatever the case of its name: the schema and the documented examples differ in it. */
export function property(body: JsonObject, name: string): unknown {
  if (name in body) return body[name]
  const wanted = name.toLowerCase()
  const key = Object.keys(body).find((candidate) => candidate.toLowerCase() === wanted)
  return key === undefined ? undefined : body[key]
}

export function requiredText(body: JsonObject, name: string): string {
  const value = property(body, name)
  if (typeof value === 'string' && value !== '') return value
  throw badRequest(`The required parameter '${name}' is missing or empty.`, 'ErrorInvalidParameter')
}
