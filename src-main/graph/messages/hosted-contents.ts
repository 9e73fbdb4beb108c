import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, Part } from '../../engine/ports/data-type.ts'
import type { GraphClient } from '../client/types.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { teamsPool } from './access.ts'
import { extensionOf } from './content-extension.ts'

/** A picture or code snippet inside a message. */
export interface HostedPlace {
  readonly id: string
  /** The message in whose address it stands; a forwarded one keeps that of the first. */
  readonly message: string
  /** The answer to that message in which it is, if it is in one. */
  readonly reply?: string
}

/** One that is kept as a part of the item, whether the item's message or an answer to it shows it. */
export interface HostedContent extends HostedPlace {
  /** File name of the part. */
  readonly name: string
}

/** Where hosted contents are to be had. */
export interface HostedSource {
  readonly client: GraphClient
  readonly signal: AbortSignal
  /** Below /v1.0. */
  path(hosted: HostedPlace): string
}

/** Bytes that are held in memory to see what they are; what is longer is read again when it is stored. */
const heldBytes = 1024 * 1024

/** What a message's stored properties name. */
export function hostedContentsOf(properties: JsonObject): readonly HostedContent[] {
  return (list(properties, 'hostedContents') ?? []).filter(isObject).flatMap((entry) => {
    const id = filledText(entry, 'id')
    const name = filledText(entry, 'name')
    if (id === undefined || name === undefined) return []
    const reply = filledText(entry, 'reply')
    return [{ id, name, message: text(entry, 'message') ?? '', ...(reply === undefined ? {} : { reply }) }]
  })
}

const segment = String.raw`([^/?#"'\\\s]+)`
const address = new RegExp(
  String.raw`/messages/${segment}(?:/replies/${segment})?/hostedContents/${segment}/\$value`,
  'g',
)

/**
 * The hosted contents that a message shows: in its body, its cards and snippets, its reactions, its answers. Only ids are taken out
 * of the addresses: what somebody writes must not choose what is asked for.
 * https://learn.microsoft.com/graph/api/resources/chatmessagehostedcontent
 */
export function hostedIn(properties: JsonObject): readonly HostedPlace[] {
  const { hostedContents: _, ...shown } = properties
  const found = new Map<string, HostedPlace>()
  for (const [, message = '', reply, id = ''] of JSON.stringify(shown).matchAll(address)) {
    const inside = reply === undefined ? {} : { reply: decoded(reply) }
    if (!found.has(id)) found.set(id, { id: decoded(id), message: decoded(message), ...inside })
  }
  return [...found.values()]
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    if (error instanceof URIError) return segment
    throw error
  }
}

/** The id under which an address in a message stands in the message's `hostedContents`; undefined for any other address. */
export function hostedIdIn(source: string): string | undefined {
  const match = new RegExp(address.source).exec(source)
  return match === null ? undefined : decoded(match[3] ?? '')
}

/** The message's properties with the names of its parts, and the parts. What is behind an id never changes. */
export async function withHostedContents(
  source: HostedSource,
  properties: JsonObject,
  before: readonly HostedContent[],
): Promise<{ readonly properties: JsonObject; readonly parts: readonly Part[] }> {
  const named: HostedContent[] = []
  const parts: Part[] = []
  const names = new Set(before.map(({ name }) => name))
  for (const hosted of hostedIn(properties)) {
    const known = before.find(({ id }) => id === hosted.id)
    const opened = known === undefined ? await lookInto(source, hosted) : undefined
    const name = known?.name ?? freeName(names, opened?.extension ?? 'bin')
    names.add(name)
    named.push({ ...hosted, name })
    const open = opened?.open ?? ((signal: AbortSignal) => streamOf(source, hosted, signal))
    parts.push({ name, unchanged: known !== undefined, open })
  }
  return { properties: { ...properties, hostedContents: named.map((one) => ({ ...one })) }, parts }
}

function freeName(taken: ReadonlySet<string>, extension: string): string {
  for (let number = 1; ; number += 1) {
    const stem = `inline-${number}`
    if (![...taken].some((name) => name.startsWith(`${stem}.`))) return `${stem}.${extension}`
  }
}

interface Looked {
  readonly extension: string
  readonly open: (signal: AbortSignal) => Promise<Content>
}

/** Graph does not say what a hosted content is before it gives it; its first bytes tell. */
async function lookInto(source: HostedSource, hosted: HostedPlace): Promise<Looked | undefined> {
  const held: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of await streamOf(source, hosted, source.signal)) {
      held.push(chunk)
      length += chunk.length
      if (length > heldBytes) break
    }
  } catch (error) {
    if (source.signal.aborted) throw error
    // It is asked for again when the part is stored, and what is wrong is said there.
    return undefined
  }
  const bytes = Buffer.concat(held)
  const extension = extensionOf(bytes)
  if (length > heldBytes) return { extension, open: (signal) => streamOf(source, hosted, signal) }
  return { extension, open: () => Promise.resolve(bytes) }
}

async function streamOf(
  source: HostedSource,
  hosted: HostedPlace,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return (await source.client.stream({ path: source.path(hosted), pool: teamsPool, signal })).body
}
