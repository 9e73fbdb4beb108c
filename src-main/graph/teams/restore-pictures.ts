import type { JsonObject } from '../../engine/model/json.ts'
import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { hostedIn, type HostedContent } from '../messages/hosted-contents.ts'

/** A picture in a message. */
export interface Picture {
  /** From 1, in the order in which the message shows them. */
  readonly number: number
  readonly id: string
  readonly file: StoredFile
  /** Media type. */
  readonly type: string
}

/** Pictures and snippets of a conversation as they are stored. */
export interface StoredContents {
  readonly hosted: readonly HostedContent[]
  readonly parts: readonly StoredFile[]
}

/** Pictures are the only media that Teams imports; code snippets and videos are none. */
const types: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
])

/** Bytes of all pictures of a message: a request has 4 MB at most, a third more are spent on base64, and text comes along. */
const mostBytes = 2_900_000

/** The pictures that one message shows, as many as fit into its request. */
export function picturesOf(message: JsonObject, { hosted, parts }: StoredContents): readonly Picture[] {
  const { replies: _, ...own } = message
  const pictures: Picture[] = []
  let left = mostBytes
  for (const { id } of hostedIn(own)) {
    const name = hosted.find((one) => one.id === id)?.name
    const file = parts.find((one) => one.name === name)
    const type = types.get(name?.split('.').at(-1)?.toLowerCase() ?? '')
    if (file === undefined || type === undefined || file.size > left) continue
    left -= file.size
    pictures.push({ number: pictures.length + 1, id, file, type })
  }
  return pictures
}
