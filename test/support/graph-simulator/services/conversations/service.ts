import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { notForApplications, withConversations } from './calls.ts'
import type { ConversationsCall } from './calls.ts'
import {
  deleteThread,
  getAttachment,
  getAttachmentValue,
  getPost,
  getThread,
  listAttachments,
  listConversations,
  listPosts,
  listThreads,
  replyToPost,
  updateThread,
} from './routes.ts'

const route = (permission: string, run: (call: ConversationsCall) => Reply, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run: (call) => run(withConversations(call)),
})

const group = 'groups/{group}'
const inConversation = `${group}/conversations/{conversation}`

/** What there is of threads both below the group and below one of its conversations. */
function threads(parent: string): Record<string, ServiceRoute> {
  const thread = `${parent}/threads/{thread}`
  const post = `${thread}/posts/{post}`
  return {
    [`GET ${parent}/threads`]: route('readConversations', listThreads),
    [`POST ${parent}/threads`]: route('post', notForApplications),
    [`GET ${thread}`]: route('readConversations', getThread),
    [`PATCH ${thread}`]: route('writeConversations', updateThread),
    [`DELETE ${thread}`]: route('writeConversations', deleteThread),
    [`POST ${thread}/reply`]: route('post', notForApplications),
    [`GET ${thread}/posts`]: route('readConversations', listPosts),
    [`GET ${post}`]: route('readConversations', getPost),
    [`POST ${post}/reply`]: route('writeConversations', replyToPost),
    [`GET ${post}/attachments`]: route('readConversations', listAttachments),
    [`GET ${post}/attachments/{attachment}`]: route('readConversations', getAttachment),
    [`GET ${post}/attachments/{attachment}/$value`]: route('readConversations', getAttachmentValue, true),
  }
}

/** Conversations of Microsoft 365 groups. https://learn.microsoft.com/graph/api/resources/conversation */
export const conversationsService: Service = {
  collections: { conversations: 'conversation', threads: 'thread', posts: 'post' },
  operations: ['reply'],
  permissions: {
    readConversations: [
      'Group-Conversation.Read.All',
      'Group.Read.All',
      'Group.ReadWrite.All',
      'Group-Conversation.ReadWrite.All',
    ],
    writeConversations: ['Group-Conversation.ReadWrite.All', 'Group.ReadWrite.All'],
    // For signed-in people alone.
    post: [],
  },
  granted: ['Group.Read.All'],
  routes: {
    [`GET ${group}/conversations`]: route('readConversations', listConversations),
    [`POST ${group}/conversations`]: route('post', notForApplications),
    ...threads(group),
    ...threads(inConversation),
  },
}
