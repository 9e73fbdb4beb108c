import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, Part } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { filledText, isObject, list, text } from '../item/fields.ts'
import { teamsPool, type Chats } from './chat-access.ts'
import { extensionOf } from './content-extension.ts'

/** A picture or code snippet inside a message, kept as a part. */
export interface HostedContent {
  readonly id: string
  /** The message in whose address it stands; a forwarded one keeps that of the first. */
  readonly message: string
  /** File name of the part. */
  readonly name: string
}

/** Bytes that are held in memory to see what they are; what is longer is read again when it is stored. */
const heldBytes = 1024 * 1024

/** What a message's stored properties name. */
export function hostedContentsOf(properties: JsonObject): readonly HostedContent[] {
  return (list(properties, 'hostedContents') ?? []).filter(isObject).flatMap((entry) => {
    const id = filledText(entry, 'id')
    const name = filledText(entry, 'name')
    return id === undefined || name === undefined ? [] : [{ id, name, message: text(entry, 'message') ?? '' }]
  })
}

const address = /\/messages\/([^/?#"'\\\s]+)\/hostedContents\/([^/?#"'\\\s]+)\/\$value/g

/**
 * The hosted contents that a message shows: in its body, its cards and snippets, its reactions. Only ids are taken out
 * of the addresses: what somebody writes must not choose what is asked for.
 * https://learn.microsoft.com/graph/api/resources/chatmessagehostedcontent
 */
export function hostedIn(properties: JsonObject): readonly Omit<HostedContent, 'name'>[] {
  const { hostedContents: _, ...shown } = properties
  const found = new Map<string, Omit<HostedContent, 'name'>>()
  for (const [, message = '', id = ''] of JSON.stringify(shown).matchAll(address)) {
    if (!found.has(id)) found.set(id, { id: decoded(id), message: decoded(message) })
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
  return match === null ? undefined : decoded(match[2] ?? '')
}

/** The message's properties with the names of its parts, and the parts. What is behind an id never changes. */
export async function withHostedContents(
  chats: Chats,
  chat: string,
  properties: JsonObject,
  before: readonly HostedContent[],
): Promise<{ readonly properties: JsonObject; readonly parts: readonly Part[] }> {
  const named: HostedContent[] = []
  const parts: Part[] = []
  const names = new Set(before.map(({ name }) => name))
  for (const hosted of hostedIn(properties)) {
    const known = before.find(({ id }) => id === hosted.id)
    const opened = known === undefined ? await lookInto(chats, chat, hosted) : undefined
    const name = known?.name ?? freeName(names, opened?.extension ?? 'bin')
    names.add(name)
    named.push({ ...hosted, name })
    const open = opened?.open ?? ((signal: AbortSignal) => streamOf({ ...chats, signal }, chat, hosted))
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
async function lookInto(chats: Chats, chat: string, hosted: Omit<HostedContent, 'name'>): Promise<Looked | undefined> {
  const held: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of await streamOf(chats, chat, hosted)) {
      held.push(chunk)
      length += chunk.length
      if (length > heldBytes) break
    }
  } catch (error) {
    if (chats.signal.aborted) throw error
    // It is asked for again when the part is stored, and what is wrong is said there.
    return undefined
  }
  const bytes = Buffer.concat(held)
  const extension = extensionOf(bytes)
  if (length > heldBytes) return { extension, open: (signal) => streamOf({ ...chats, signal }, chat, hosted) }
  return { extension, open: () => Promise.resolve(bytes) }
}

async function streamOf(
  { client, signal }: Chats,
  chat: string,
  { id, message }: Omit<HostedContent, 'name'>,
): Promise<AsyncIterable<Uint8Array>> {
  const path = graphPath`/chats/${chat}/messages/${message}/hostedContents/${id}/$value`
  return (await client.stream({ path, pool: teamsPool, signal })).body
}
