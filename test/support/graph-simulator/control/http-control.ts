import type { Answer, Reply, SimulatorRequest } from '../http/exchange.ts'
import { isObject } from '../routes/request-json.ts'
import { fromWire, toWire } from './wire.ts'

const controlPath = '/_control'

export function isControlPath(path: string): boolean {
  return path === controlPath
}

/** Answers `{object, member, arguments}` with `{value}` or `{error}`; methods are called, other members are read. */
export async function answerControl(
  request: SimulatorRequest,
  key: string,
  targets: Readonly<Record<string, object>>,
): Promise<Answer> {
  const reply =
    request.headers['x-control-key'] === key
      ? await called(request, targets)
      : controlReply(403, { error: 'Wrong key' })
  return { reply, transport: undefined, finished: () => undefined }
}

async function called(request: SimulatorRequest, targets: Readonly<Record<string, object>>): Promise<Reply> {
  try {
    return controlReply(200, { value: await call(fromWire(request.body.toString('utf8')), targets) })
  } catch (error) {
    return controlReply(500, { error: error instanceof Error ? error.message : String(error) })
  }
}

async function call(message: unknown, targets: Readonly<Record<string, object>>): Promise<unknown> {
  if (!isObject(message)) throw new Error('A control message must be an object')
  const { object, member, arguments: list = [] } = message
  const target = typeof object === 'string' ? targets[object] : undefined
  if (target === undefined || typeof member !== 'string' || !Array.isArray(list)) throw new Error('No such control')
  const found: unknown = Reflect.get(target, member)
  const value: unknown = typeof found === 'function' ? Reflect.apply(found, target, list) : found
  return value
}

function controlReply(status: number, value: object): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, bytes: Buffer.from(toWire(value)) }
}
