import { need, type TypePermissions } from '../item/permissions.ts'

const conversations = [
  'Group-Conversation.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Group-Conversation.ReadWrite.All',
]

export const conversationsPermissions: TypePermissions = {
  backUp: [
    need('read group conversations', conversations),
    // For signed-in people alone.
    need('read the attachments of group conversations', [], conversations),
  ],
  // Conversations are restored to disk only.
  restore: [],
}
