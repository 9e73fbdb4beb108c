import { badRequest, GraphError } from './http/errors.ts'
import { jsonReply, replyBody } from './http/exchange.ts'
import type { Answer, Reply, SimulatorRequest } from './http/exchange.ts'
import { isObject, jsonObject } from './routes/request-json.ts'
import type { JsonObject } from './routes/request-json.ts'

/** One request inside a $batch. */
interface Member {
  readonly id: string
  readonly request: SimulatorRequest
  readonly dependsOn: readonly string[]
}

interface MemberResponse {
  readonly id: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

const mostMembers = 20
/** Outlook works at four members at a time. Source: https://learn.microsoft.com/graph/throttling-limits (JSON batching) */
const outlookParallel = 4

/** POST /$batch. Source: https://learn.microsoft.com/graph/json-batching */
export async function answerBatch(
  request: SimulatorRequest,
  answer: (member: SimulatorRequest) => Promise<Answer>,
): Promise<Reply> {
  const members = membersOf(request)
  const done = new Map<string, Promise<MemberResponse>>()
  const slots = new Slots(outlookParallel)
  for (const member of members) {
    done.set(member.id, runMember(member, done, slots, answer))
  }
  return jsonReply(200, { responses: await Promise.all(done.values()) })
}

async function runMember(
  member: Member,
  done: ReadonlyMap<string, Promise<MemberResponse>>,
  slots: Slots,
  answer: (member: SimulatorRequest) => Promise<Answer>,
): Promise<MemberResponse> {
  const before = await Promise.all(member.dependsOn.flatMap((id) => done.get(id) ?? []))
  if (before.some((response) => response.status >= 400)) {
    const error = { code: 'FailedDependency', message: 'A request this one depends on has failed.' }
    return { id: member.id, status: 424, headers: { 'Content-Type': 'application/json' }, body: { error } }
  }
  const release = await slots.take()
  try {
    return memberResponse(member.id, await answer(member.request))
  } finally {
    release()
  }
}

function memberResponse(id: string, { reply, finished, transport }: Answer): MemberResponse {
  const { body, contentType } = replyBody(reply)
  finished(body.length)
  // A connection fault cannot strike a member alone: it shows as the gateway's error.
  if (transport !== undefined) {
    const error = { code: 'BadGateway', message: 'The connection to the service was lost.' }
    return { id, status: 502, headers: { 'Content-Type': 'application/json' }, body: { error } }
  }
  const headers = { ...reply.headers, ...(contentType === undefined ? {} : { 'Content-Type': contentType }) }
  if (reply.json !== undefined) return { id, status: reply.status, headers, body: reply.json }
  if (body.length === 0) return { id, status: reply.status, headers }
  return { id, status: reply.status, headers, body: body.toString('base64') }
}

function membersOf(request: SimulatorRequest): readonly Member[] {
  const { requests } = jsonObject(request)
  if (!Array.isArray(requests)) throw badRequest("The batch payload must have the array property 'requests'.")
  if (requests.length > mostMembers) {
    throw new GraphError(
      400,
      'MaximumValueExceeded',
      `Number of batch request steps exceeds the maximum value of ${String(mostMembers)}.`,
    )
  }
  const seen = new Set<string>()
  return requests.map((entry: unknown) => {
    if (!isObject(entry)) throw badRequest('A batch request must be an object.')
    const member = memberOf(entry, request, seen)
    const key = member.id.toLowerCase()
    if (seen.has(key)) throw badRequest(`Request Id ${member.id} has to be unique in a batch.`)
    seen.add(key)
    return member
  })
}

function memberOf(entry: JsonObject, outer: SimulatorRequest, seen: ReadonlySet<string>): Member {
  const { id, method, url, body } = entry
  const headers = entry.headers ?? {}
  if (typeof id !== 'string' || id === '') throw badRequest("A batch request needs an 'id'.")
  if (typeof method !== 'string') throw badRequest(`The batch request ${id} needs a 'method'.`)
  if (typeof url !== 'string' || /^[a-z]+:\/\//i.test(url))
    throw badRequest(`The url of batch request ${id} has to be relative.`)
  if (/^\/?\$batch\b/i.test(url)) throw badRequest('Batch requests cannot be nested.')
  if (!isObject(headers)) throw badRequest(`The headers of batch request ${id} have to be an object.`)
  const names = lowerCased(headers)
  if (body !== undefined && names['content-type'] === undefined) {
    throw badRequest(`Write request id : ${id} does not contain Content-Type header or body.`)
  }
  const [path, queryText] = splitUrl(url)
  const request: SimulatorRequest = {
    method: method.toUpperCase(),
    path: `/v1.0/${path.replace(/^\//, '')}`,
    queryText,
    headers: { ...names, ...inherited(outer) },
    body: bodyBytes(body, names['content-type'] ?? ''),
    overflow: 0,
    batched: true,
    arrivedAt: outer.arrivedAt,
    requestId: outer.requestId,
    onGone: outer.onGone,
  }
  return { id, request, dependsOn: dependencies(id, entry.dependsOn ?? [], seen) }
}

/** A dependency has to stand before the request that depends on it. */
function dependencies(id: string, dependsOn: unknown, seen: ReadonlySet<string>): readonly string[] {
  const list: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn]
  const names = list.filter((name): name is string => typeof name === 'string' && seen.has(name.toLowerCase()))
  if (names.length !== list.length)
    throw badRequest(`Request Id ${id} depends on a request that is not in front of it.`)
  return names
}

function inherited(outer: SimulatorRequest): Record<string, string> {
  const { authorization } = outer.headers
  const userAgent = outer.headers['user-agent']
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  }
}

function lowerCased(headers: JsonObject): Record<string, string> {
  const names: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') names[name.toLowerCase()] = value
  return names
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

/** JSON bodies are objects; any other body is a base64url string of its bytes. */
function bodyBytes(body: unknown, contentType: string): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0)
  if (typeof body === 'string' && !/^application\/json\b/i.test(contentType)) return Buffer.from(body, 'base64')
  return Buffer.from(JSON.stringify(body))
}

/** Lets so many through at once, in order of arrival. */
class Slots {
  private free: number
  private readonly waiting: (() => void)[] = []

  constructor(count: number) {
    this.free = count
  }

  async take(): Promise<() => void> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.free--
    return () => {
      const next = this.waiting.shift()
      if (next === undefined) this.free++
      else next()
    }
  }
}
