import { need, type TypePermissions } from '../item/permissions.ts'

export const chatsPermissions: TypePermissions = {
  backUp: [need('read chats', ['Chat.Read.All', 'Chat.ReadWrite.All'], ['Chat.Read', 'Chat.ReadWrite'])],
  // Chats are restored to disk only.
  restore: [],
}
