import { accessDenied, badRequest, idMalformed, itemNotFound } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseSelect, propertyNames } from '../../odata/query.ts'
import { renderAttachment } from '../../render/attachment.ts'
import { bodyValue, optionalBoolean, optionalText } from '../../routes/message-values.ts'
import { isObject, jsonObject, property } from '../../routes/request-json.ts'
import { attachmentId } from '../../state/ids.ts'
import type { AttachmentContent } from '../../state/types.ts'
import { outlookPage, postOf, refuseCorrupt, selectedOf, threadOf } from './calls.ts'
import type { ConversationsCall } from './calls.ts'
import { conversationProperties, postProperties, selectedThreadProperties, threadProperties } from './render.ts'
import type { StoredPost, StoredThread } from './state.ts'

const threadNames = propertyNames([
  'id',
  'topic',
  'hasAttachments',
  'lastDeliveredDateTime',
  'uniqueSenders',
  'preview',
  'isLocked',
  'toRecipients',
  'ccRecipients',
])

const postNames = propertyNames([
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'receivedDateTime',
  'hasAttachments',
  'body',
  'conversationId',
  'conversationThreadId',
  'from',
  'sender',
  'newParticipants',
])

const attachmentNames = propertyNames(['id', 'lastModifiedDateTime', 'name', 'contentType', 'size', 'isInline'])
const fileNames = propertyNames(['contentId', 'contentLocation', 'contentBytes'])

const threadPages = { usual: 20, largest: 999, linked: true }
const postsPerPage = 100

/** https://learn.microsoft.com/graph/api/group-list-conversations */
export function listConversations(call: ConversationsCall): Reply {
  const byId = Map.groupBy(call.conversations.of(call.group.id), ({ conversation }) => conversation)
  return outlookPage(call, 'conversations', [...byId.values()].map(conversationProperties), threadPages)
}

/** https://learn.microsoft.com/graph/api/group-list-threads, conversation-list-threads */
export function listThreads(call: ConversationsCall): Reply {
  const { conversation } = call.parameters
  const threads = call.conversations.of(call.group.id)
  const found = conversation === undefined ? threads : threads.filter((one) => one.conversation === conversation)
  if (conversation !== undefined && found.length === 0) throw itemNotFound()
  const selected = threadSelect(call)
  const shown = found.map((thread) => selectedOf(threadProperties(thread), selected, selectedThreadProperties))
  return outlookPage(call, 'threads', shown, threadPages)
}

function threadSelect(call: ConversationsCall): ReadonlySet<string> | undefined {
  return parseSelect(call.query.get('$select'), threadNames, 'microsoft.graph.conversationThread')
}

export function getThread(call: ConversationsCall): Reply {
  const shown = selectedOf(threadProperties(threadOf(call)), threadSelect(call), selectedThreadProperties)
  const context = `${call.context.origin()}/v1.0/$metadata#groups('${call.group.id}')/threads/$entity`
  return jsonReply(200, { '@odata.context': context, ...shown })
}

/** https://learn.microsoft.com/graph/api/group-update-thread: whether it is locked, and its topic. */
export function updateThread(call: ConversationsCall): Reply {
  const thread = threadOf(call)
  const body = jsonObject(call.request)
  for (const name of Object.keys(body)) {
    if (name !== 'isLocked' && name !== 'topic') throw badRequest(`'${name}' cannot be changed.`, 'ErrorInvalidRequest')
  }
  thread.isLocked = optionalBoolean(body, 'isLocked') ?? thread.isLocked
  thread.topic = optionalText(body, 'topic') ?? thread.topic
  return jsonReply(200, threadProperties(thread))
}

/** https://learn.microsoft.com/graph/api/conversationthread-delete */
export function deleteThread(call: ConversationsCall): Reply {
  call.conversations.removeThread(threadOf(call))
  return emptyReply(204)
}

/** https://learn.microsoft.com/graph/api/conversationthread-list-posts: `$select` and one `$expand`, no `$top`. */
export function listPosts(call: ConversationsCall): Reply {
  const thread = threadOf(call)
  if (call.query.present(['$top']).length > 0) throw badRequest("The query option '$top' is not supported.")
  const view = postView(call)
  const start = call.query.integer('$skip') ?? 0
  refuseCorrupt(call, thread.posts.slice(start, start + postsPerPage))
  const shown = thread.posts.map((post) => shownPost(call, thread, post, view))
  const linked = call.conversations.linksFurtherPosts
  return outlookPage(call, 'threads/posts', shown, { usual: postsPerPage, largest: postsPerPage, linked })
}

/** https://learn.microsoft.com/graph/api/post-get */
export function getPost(call: ConversationsCall): Reply {
  const { thread, post } = postOf(call)
  const context = `${call.context.origin()}/v1.0/$metadata#groups('${call.group.id}')/threads/posts/$entity`
  return jsonReply(200, { '@odata.context': context, ...shownPost(call, thread, post, postView(call)) })
}

/** https://learn.microsoft.com/graph/api/post-reply: from the application's own, and mailed to all who follow the group. */
export function replyToPost(call: ConversationsCall): Reply {
  const { thread } = postOf(call)
  const post = property(jsonObject(call.request), 'post')
  const body = isObject(post) ? bodyValue(post) : undefined
  if (body === undefined) throw badRequest('The post has no body.', 'ErrorInvalidRequest')
  if (thread.isLocked) throw accessDenied()
  const from = { name: call.group.displayName, address: call.group.mail ?? '' }
  const at = new Date(call.now).toISOString()
  const content = body.contentType === 'html' ? { html: body.content } : { text: body.content }
  call.conversations.addPost(thread, { from, at, ...content })
  call.conversations.mailed++
  return emptyReply(202)
}

interface PostView {
  readonly selected: ReadonlySet<string> | undefined
  readonly withAttachments: boolean
}

function postView(call: ConversationsCall): PostView {
  const expand = call.query.get('$expand')
  if (expand !== undefined && expand !== 'attachments')
    throw badRequest(`The expand '${expand}' is not supported here.`)
  const selected = parseSelect(call.query.get('$select'), postNames, 'microsoft.graph.post')
  return { selected, withAttachments: expand !== undefined }
}

/** To applications expanded attachments come as an empty list. https://github.com/microsoftgraph/microsoft-graph-docs/issues/9401 */
function shownPost(call: ConversationsCall, thread: StoredThread, post: StoredPost, view: PostView): object {
  const shown = selectedOf(postProperties(thread, post), view.selected)
  if (!view.withAttachments) return shown
  const given = call.conversations.applicationsReadAttachments ? post.attachments : []
  return { ...shown, attachments: given.map((one) => rendered(post, one, { withContent: true })) }
}

function rendered(
  post: StoredPost,
  attachment: AttachmentContent,
  view: Parameters<typeof renderAttachment>[3],
): Record<string, unknown> {
  return renderAttachment(attachment, post.id, { modifiedAt: Math.floor(post.receivedAt / 1000) }, view)
}

function readable(call: ConversationsCall): StoredPost {
  if (!call.conversations.applicationsReadAttachments) throw accessDenied()
  return postOf(call).post
}

/** https://learn.microsoft.com/graph/api/post-list-attachments */
export function listAttachments(call: ConversationsCall): Reply {
  const post = readable(call)
  const selected = attachmentSelect(call.query.get('$select'))
  const value = post.attachments.map((one) => rendered(post, one, { withContent: true, selected }))
  const context = `${call.context.origin()}/v1.0/$metadata#groups('${call.group.id}')/threads/posts/attachments`
  return jsonReply(200, { '@odata.context': context, value })
}

function attachmentSelect(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',').map((part) => part.trim())
  const ofFiles = parts.flatMap((part) => /^microsoft\.graph\.fileAttachment\/(\w+)$/i.exec(part)?.[1] ?? [])
  const plain = parts.filter((part) => !part.includes('/')).join(',')
  const type = 'microsoft.graph.attachment'
  return new Set([
    ...(parseSelect(plain, attachmentNames, type) ?? []),
    ...(parseSelect(ofFiles.join(','), fileNames, type) ?? []),
  ])
}

/** https://learn.microsoft.com/graph/api/attachment-get */
export function getAttachment(call: ConversationsCall): Reply {
  const { post, attachment } = attachmentOf(call)
  const expand = call.query.get('$expand')
  const withItem = expand !== undefined && /^microsoft\.graph\.itemattachment\/item$/i.test(expand)
  if (expand !== undefined && !withItem) throw badRequest(`The expand '${expand}' is not valid.`)
  return jsonReply(200, rendered(post, attachment, { withContent: true, withItem }))
}

export function getAttachmentValue(call: ConversationsCall): Reply {
  const { attachment } = attachmentOf(call)
  if (attachment.kind === 'reference') throw badRequest('A reference attachment has no content.', 'ErrorInvalidRequest')
  const type = attachment.kind === 'item' ? 'text/plain' : (attachment.contentType ?? 'application/octet-stream')
  return bytesReply(attachment.bytes(), type)
}

function attachmentOf(call: ConversationsCall): { readonly post: StoredPost; readonly attachment: AttachmentContent } {
  const post = readable(call)
  const { attachment: wanted = '' } = call.parameters
  if (!wanted.includes('BEgAQA')) throw idMalformed()
  const attachment = post.attachments.find(({ key }) => attachmentId(post.id, key) === wanted)
  if (attachment === undefined) throw itemNotFound()
  return { post, attachment }
}
