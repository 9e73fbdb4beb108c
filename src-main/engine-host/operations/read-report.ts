import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { itemReference, referenceText } from '../../commands/parts/item-reference.ts'
import { errnoOf } from '../../settings/private-file.ts'

/** A line of a report, whoever wrote it: an operation, or a command that has a report of its own. */
export interface ReadLine {
  readonly path: string
  readonly outcome: string
  readonly problem: {
    readonly code: string
    readonly params: Readonly<Record<string, string | number | boolean>>
  } | null
  readonly messages: string[]
}

export interface LinePage {
  /** Of all lines that were asked for. */
  readonly count: number
  readonly rows: ReadLine[]
}

export interface AskedLines {
  readonly offset: number
  readonly limit: number
  readonly failedOnly: boolean
}

/** A part of a report; the file is read line by line and never held. Empty if there is no file. */
export async function readReport(file: string | null, asked: AskedLines, signal: AbortSignal): Promise<LinePage> {
  const rows: ReadLine[] = []
  let count = 0
  if (file === null) return { count, rows }
  try {
    const input = createReadStream(file, { encoding: 'utf8', signal })
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      const line = readLine(text)
      if (line === undefined || (asked.failedOnly && line.problem === null)) continue
      if (count >= asked.offset && rows.length < asked.limit) rows.push(line)
      count++
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
  return { count, rows }
}

/** Undefined for what is not about an item: headings, summaries, a line cut off by a power cut. */
export function readLine(text: string): ReadLine | undefined {
  const line = parsed(text)
  if (line === undefined || typeof line.outcome !== 'string') return undefined
  const { outcome, code, message, messages, params } = line
  const failed = outcome === 'failed' || outcome === 'damaged'
  const known = typeof code === 'string' ? code : 'internal'
  return {
    path: pathOf(line),
    outcome,
    problem: failed ? { code: known, params: plain(params) } : null,
    messages: [...texts(message), ...texts(messages)],
  }
}

type Fields = Readonly<Record<string, unknown>>

function pathOf({ path, folder, id }: Fields): string {
  if (typeof path === 'string') return referenceText(itemReference(path))
  if (typeof folder !== 'string') return ''
  return referenceText(typeof id === 'string' ? { folder, id } : { folder })
}

function texts(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.filter((text) => typeof text === 'string')
}

function plain(value: unknown): Readonly<Record<string, string | number | boolean>> {
  if (typeof value !== 'object' || value === null) return {}
  const params: Record<string, string | number | boolean> = {}
  for (const [name, one] of Object.entries(value) as [string, unknown][])
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') params[name] = one
  return params
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}
