import { parseJson } from './parse-json.ts'
import { decoded } from './decoded.ts'
import type { WireAnswer } from './transport.ts'
import { WireFault } from './wire-fault.ts'

/** The answer's JSON, or undefined when it may come without a body. What does not parse was cut short. */
export async function readJson(answer: WireAnswer): Promise<unknown> {
  const bytes = await decoded(answer)
  if (bytes.length > 0) return parsed(bytes)
  if (answer.status === 200 && answer.headers['content-type']?.includes('json') === true) {
    throw new WireFault('truncated', 'empty')
  }
  return undefined
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch {
    // Without the cause: a SyntaxError quotes the text, which may be somebody's mail.
    throw new WireFault('truncated', 'json')
  }
}
