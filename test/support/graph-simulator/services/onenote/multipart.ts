import { GraphError } from '../../http/errors.ts'
import type { SimulatorRequest } from '../../http/exchange.ts'
import { refuseTooLarge } from '../../routes/request-json.ts'
import { dataParts, partBytes } from './limits.ts'

export interface Part {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** The parts of a multipart request, or its body as the one part `single`. Malformed ones get OneNote's errors. */
export function partsOf(request: SimulatorRequest, single: string): readonly Part[] {
  refuseTooLarge(request)
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return [{ name: single, type, bytes: request.body }]
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary === undefined) throw malformed()
  const parts = split(request.body, boundary).map(readPart)
  if (new Set(parts.map(({ name }) => name)).size < parts.length) {
    throw new GraphError(400, '20009', 'The request contains parts with duplicate names.')
  }
  if (parts.length > dataParts) throw new GraphError(400, '20015', 'The request contains too many parts.')
  return parts
}

const malformed = (): GraphError => new GraphError(400, '20011', 'The request contains a malformed multipart payload.')

function split(body: Buffer, boundary: string): readonly Buffer[] {
  const separator = Buffer.from(`--${boundary}`)
  if (body.indexOf(separator) !== 0) throw malformed()
  const parts: Buffer[] = []
  let at = separator.length
  while (body.toString('latin1', at, at + 2) === '\r\n') {
    const end = body.indexOf(`\r\n--${boundary}`, at)
    if (end < 0) throw malformed()
    parts.push(body.subarray(at + 2, end))
    at = end + 2 + separator.length
  }
  if (body.toString('latin1', at, at + 2) !== '--') throw malformed()
  return parts
}

function readPart(part: Buffer): Part {
  if (part.length > partBytes) throw new GraphError(400, '20014', 'The length of a part exceeds 25 MB.')
  const end = part.indexOf('\r\n\r\n')
  if (end < 0) throw malformed()
  const header = part.toString('utf8', 0, end)
  const disposition = /^Content-Disposition:\s*form-data;\s*name="([^"]+)"/im.exec(header)?.[1]
  const type = /^Content-Type:\s*(\S[^\r\n]*)/im.exec(header)?.[1]
  if (disposition === undefined && type === undefined) throw new GraphError(400, '20013', 'A part has no headers.')
  if (disposition === undefined) throw new GraphError(400, '20010', 'A part has no Content-Disposition.')
  if (type === undefined) throw new GraphError(400, '20012', 'A part has no content type.')
  return { name: disposition, type: type.trim(), bytes: part.subarray(end + 4) }
}

/** The one part of that name. */
export function onePart(parts: readonly Part[], name: string, missing: string, doubled: string): Part {
  const found = parts.filter((part) => part.name.toLowerCase() === name.toLowerCase())
  const [one] = found
  if (one === undefined) throw new GraphError(400, missing, `The request is missing the required "${name}" part.`)
  if (found.length > 1) throw new GraphError(400, doubled, `The request contains two "${name}" parts.`)
  return one
}
