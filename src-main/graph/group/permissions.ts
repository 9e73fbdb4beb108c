import { need, type TypePermissions } from '../item/permissions.ts'

const writes = ['Group.ReadWrite.All', 'Directory.ReadWrite.All']

export const groupPermissions: TypePermissions = {
  backUp: [
    need('read groups, their members and owners', ['Group.Read.All', 'Directory.Read.All', 'Group.ReadWrite.All']),
    need('read the names of members', ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All']),
    // What Exchange keeps of a group (external senders, hidden from lists) is for signed-in people alone.
    need('read how a group takes mail', [], ['Group.Read.All', 'Group.ReadWrite.All']),
  ],
  restore: [
    need('change groups and their owners', writes),
    need('add members', ['GroupMember.ReadWrite.All', ...writes]),
    need('put group photos back', ['ProfilePhoto.ReadWrite.All', 'Group.ReadWrite.All']),
  ],
}
