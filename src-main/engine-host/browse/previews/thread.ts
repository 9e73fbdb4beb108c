import type { JsonObject } from '../../../engine/model/json.ts'
import { postFiles, type PostFile } from '../../../graph/conversations/post-attachments.ts'
import { personOf, postsOf } from '../../../graph/conversations/thread-row.ts'
import { filledText, record, text, time } from '../../../graph/item/fields.ts'
import { peopleText } from '../../../graph/item/names.ts'
import { messageBodyHtml, type HostedAddresses } from '../../../graph/messages/transcript-body.ts'
import { InlinePictures } from '../inline-pictures.ts'
import { filePart } from '../parts.ts'
import type { OpenSnapshot, StoredItem } from '../stored-item.ts'
import type { MakePreview } from './preview.ts'

/** A conversation of a group: its posts, oldest first. */
export const previewThread: MakePreview = async (item, open) => {
  const posts = postsOf(item.properties)
  const files = postFiles(posts)
  const pictures = new InlinePictures()
  const hosted = await picturesIn(item, files, pictures, open)
  const shown = new Set(files.filter(({ attachment }) => attachment.isInline === true).map(({ fileName }) => fileName))
  const names = new Map(files.map(({ fileName, attachment }) => [fileName, text(attachment, 'name')]))
  return {
    kind: 'messages',
    title: item.title,
    messages: posts.map((post, at) => ({
      author: authorOf(post),
      time: time(post, 'receivedDateTime') ?? time(post, 'createdDateTime') ?? null,
      html: messageBodyHtml(post, hosted),
      reply: at > 0,
    })),
    inline: pictures.found,
    parts: item.parts
      .filter(({ name }) => !(shown.has(name) && name in pictures.found))
      .map((file) => filePart(file, names.get(file.name) ?? file.name)),
  }
}

function authorOf(post: JsonObject): string {
  return peopleText([personOf(record(post, 'from') ?? record(post, 'sender') ?? {})])
}

/** Pictures inside the text, by their content ids; shown by the names of their files. */
async function picturesIn(
  { parts }: StoredItem,
  files: readonly PostFile[],
  pictures: InlinePictures,
  { signal }: OpenSnapshot,
): Promise<HostedAddresses> {
  const hosted = new Map<string, { readonly name: string; readonly address: string | undefined }>()
  for (const { attachment, fileName } of files) {
    const id = filledText(attachment, 'contentId')?.replace(/^<|>$/g, '')
    const file = parts.find(({ name }) => name === fileName)
    if (id === undefined || file === undefined) continue
    const isShown = await pictures.addFile(file.name, file, signal)
    const address = isShown ? `cid:${encodeURIComponent(file.name)}` : undefined
    hosted.set(id, { name: text(attachment, 'name') ?? '', address })
  }
  return hosted
}
