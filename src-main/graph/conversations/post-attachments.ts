import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, Part } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { plainValue } from '../item/listed-value.ts'
import { partNames } from '../item/names.ts'
import { itemContent } from '../outlook/item-content.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import { threadPath } from './conversation-access.ts'
import type { Conversations } from './conversation-access.ts'

/** Attachments of a post as they are stored: Graph's properties without the bytes, an attached item's JSON with them. */
export function attachmentsOf(post: JsonObject): readonly JsonObject[] {
  return (list(post, 'attachments') ?? []).filter(isObject)
}

type AttachmentKind = 'file' | 'item' | 'reference'

function kindOf(attachment: JsonObject): AttachmentKind {
  const type = (text(attachment, '@odata.type') ?? '').toLowerCase()
  if (type.endsWith('itemattachment')) return 'item'
  return type.endsWith('referenceattachment') ? 'reference' : 'file'
}

/** A stored attachment, its post, and the name of the part that holds its bytes. */
export interface PostFile {
  readonly post: JsonObject
  readonly attachment: JsonObject
  /** Undefined for links to files in the cloud, which have no bytes. */
  readonly fileName: string | undefined
}

/** All attachments of a thread, in the order of its posts; the names follow from the stored properties alone. */
export function postFiles(posts: readonly JsonObject[]): readonly PostFile[] {
  const all = posts.flatMap((post) => attachmentsOf(post).map((attachment) => ({ post, attachment })))
  const stored = all.filter(({ attachment }) => kindOf(attachment) !== 'reference')
  const names = partNames(stored.map(({ attachment }) => wantedName(attachment)))
  const named = new Map(stored.map(({ attachment }, index) => [attachment, names[index]]))
  return all.map((entry) => ({ ...entry, fileName: named.get(entry.attachment) }))
}

/** An attached item has no extension of its own. */
function wantedName(attachment: JsonObject): string {
  const name = text(attachment, 'name') ?? ''
  const plain = name.trim() === '' ? 'attachment' : name
  if (kindOf(attachment) !== 'item') return plain
  const type = (text(record(attachment, 'item') ?? {}, '@odata.type') ?? '').toLowerCase()
  if (type.endsWith('.event')) return `${plain}.ics`
  return type.endsWith('.contact') ? `${plain}.vcf` : `${plain}.eml`
}

/** Of an attachment everything but its bytes; only files have a content id. */
const attachmentSelect =
  'id,name,contentType,size,isInline,lastModifiedDateTime,microsoft.graph.fileAttachment/contentId'

/** Pictures inside the text do not count as attachments for Graph. */
function mayHaveAttachments(post: JsonObject): boolean {
  const html = text(record(post, 'body') ?? {}, 'content') ?? ''
  return post.hasAttachments === true || /["'(]cid:/i.test(html)
}

/** Posts with their attachments, and whether Graph refused to tell some. */
export interface WithAttachments {
  readonly posts: readonly JsonObject[]
  readonly refused: boolean
}

/**
 * Asks for the attachments of those posts that have some, all in one batch; a post that was read before keeps what was
 * found then. Once Graph has refused, nothing more is asked for: to an application it never gives any.
 * https://learn.microsoft.com/graph/api/post-list-attachments
 */
export async function withAttachments(
  conversations: Conversations,
  thread: string,
  posts: readonly JsonObject[],
  before: readonly JsonObject[],
): Promise<WithAttachments> {
  const known = new Map(before.map((post) => [versionOf(post), list(post, 'attachments')]))
  const found = new Map<JsonObject, readonly JsonObject[]>()
  const asked: JsonObject[] = []
  for (const post of posts.filter(mayHaveAttachments)) {
    const earlier = known.get(versionOf(post))
    if (earlier === undefined) asked.push(post)
    else found.set(post, earlier.filter(isObject))
  }
  const told = await ask(conversations, thread, asked)
  for (const [post, attachments] of told) found.set(post, attachments)
  const complete = posts.map((post) => {
    const attachments = found.get(post)
    return attachments === undefined ? post : { ...post, attachments }
  })
  return { posts: complete, refused: told.size < asked.length }
}

function versionOf(post: JsonObject): string {
  return `${text(post, 'id') ?? ''} ${text(post, 'changeKey') ?? ''}`
}

async function ask(
  conversations: Conversations,
  thread: string,
  posts: readonly JsonObject[],
): Promise<ReadonlyMap<JsonObject, readonly JsonObject[]>> {
  const { client, group, facts, signal } = conversations
  const found = new Map<JsonObject, readonly JsonObject[]>()
  if (posts.length === 0 || facts.attachmentsRefused !== undefined) return found
  const pool = mailboxPool(group)
  const query = { $select: attachmentSelect }
  const paths = posts.map(
    (post) => `${threadPath(group, thread)}${graphPath`/posts/${text(post, 'id') ?? ''}/attachments`}`,
  )
  const answers = await client.batch(
    paths.map((path) => ({ path, query })),
    { pool, signal },
  )
  for (const [index, answer] of answers.entries()) {
    const post = posts[index]
    if (!answer.ok && answer.error.code === 'graph.forbidden') facts.attachmentsRefused = answer.error.code
    if (post === undefined || facts.attachmentsRefused !== undefined) continue
    const attachments: JsonObject[] = []
    for (const attachment of await answerEntries(client, answer, { pool, signal }))
      attachments.push(await withItem(conversations, paths[index] ?? '', attachment))
    found.set(post, attachments)
  }
  return found
}

/** An attached item's JSON; an item that Graph cannot show is kept without it. */
async function withItem(
  { client, group, signal }: Conversations,
  attachments: string,
  attachment: JsonObject,
): Promise<JsonObject> {
  const stored = plain(attachment)
  if (kindOf(attachment) !== 'item') return stored
  const path = `${attachments}${graphPath`/${text(attachment, 'id') ?? ''}`}`
  const query = { $expand: 'microsoft.graph.itemattachment/item' }
  try {
    const whole = await client.json<JsonObject>({ path, query, pool: mailboxPool(group), signal })
    const item = record(whole, 'item')
    return item === undefined ? stored : { ...stored, item: plain(item) }
  } catch (error) {
    if (isEngineError(error, 'graph.item-unreadable') || isEngineError(error, 'graph.not-found')) return stored
    throw error
  }
}

function plain(entity: JsonObject): JsonObject {
  return plainValue(entity) as JsonObject
}

/** The bytes of a thread's attachments as parts; those that were stored before are not read again. */
export function partsOf(
  conversations: Conversations,
  thread: string,
  posts: readonly JsonObject[],
  before: readonly JsonObject[],
): readonly Part[] {
  const known = new Set(postFiles(before).map(fingerprint))
  return postFiles(posts).flatMap((file): readonly Part[] => {
    const { post, attachment, fileName } = file
    if (fileName === undefined) return []
    const ids = graphPath`/posts/${text(post, 'id') ?? ''}/attachments/${text(attachment, 'id') ?? ''}/$value`
    const { client, group } = conversations
    const open = (signal: AbortSignal): Promise<Content> =>
      itemContent({ client, user: group, signal }, `${threadPath(group, thread)}${ids}`)
    return [{ name: fileName, unchanged: known.has(fingerprint(file)), open }]
  })
}

/** Attachments cannot be edited in place: the same id, date, size and name mean the same bytes. */
function fingerprint({ attachment, fileName }: PostFile): string {
  const { id, lastModifiedDateTime, size } = attachment
  return JSON.stringify([fileName ?? null, id ?? null, lastModifiedDateTime ?? null, size ?? null])
}
