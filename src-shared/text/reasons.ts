import type { ErrorCode } from '../model/error-codes.ts'

/** Remarks that are no errors. */
type NoticeCode =
  | 'root-gone'
  | 'type-left-out'
  | 'continued'
  | 'package'
  | 'shortcut'
  | 'content-differs'
  | 'permissions-unread'
  | 'versions-unread'
  | 'library-with-group'
  | 'list-generated'
  | 'attachments-need-sharepoint'
  | 'post-attachments-unread'
  | 'posts-unread'

/** Why one item, folder or file is missing from what was done: the end of a line that names it. */
const reasons: Readonly<Partial<Record<ErrorCode | NoticeCode, string>>> = {
  'store.permission': 'access denied',
  'store.full': 'no room left',
  'store.read-only': 'the disk is read-only',
  'store.failed': 'the file could not be written',
  'repository.pack-missing': 'the pack file is missing',
  'repository.pack-truncated': 'the pack file has the wrong length',
  'repository.pack-damaged': 'the pack file is damaged',
  'repository.blob-damaged': 'the stored data is damaged',
  'repository.blob-missing': 'the stored data is missing in the repository',
  'repository.tree-damaged': 'the stored folder is damaged',
  'repository.index-damaged': 'the index file is damaged',
  'repository.snapshot-damaged': 'the snapshot file is damaged',
  'graph.throttled': 'Graph asked to send less for too long',
  'graph.forbidden': 'Graph denies access',
  'graph.not-found': 'Graph cannot find it',
  'graph.no-mailbox': 'there is no mailbox',
  'graph.no-drive': 'there is no OneDrive',
  'graph.cursor-lost': 'Graph lost its place in the listing',
  'graph.item-infected': 'Microsoft 365 found malware in it and does not hand it out',
  'graph.item-unreadable': 'Graph cannot read it, it is damaged there',
  'graph.request-refused': 'Graph refused the request',
  'graph.conflict': 'it was changed at the same time',
  'graph.service-failed': 'Graph answered with a fault of its own',
  'graph.stalled': 'Graph stopped answering',
  'graph.not-for-app-only': 'not with this sign-in; Graph gives it only to the user in person',
  'graph.unreachable': 'Graph could not be reached',
  'graph.drive-full': 'the drive is full',
  'graph.upload-damaged': 'it arrived damaged, twice, and was taken back',
  'graph.no-planner': 'there is no Planner',
  'graph.no-team': 'there is no team',
  'graph.no-conversations': 'there are no conversations',
  'graph.no-site': 'there is no site',
  'graph.locked': 'it is locked, nobody can read it now',
  'graph.root-gone': 'it was deleted while the run was under way',
  'restore.no-plan': 'its plan is gone, and no group was named to make it in',
  'restore.planner-limit': 'a limit of Planner is reached',
  'restore.channel-importing': 'another program is importing messages into its channel',
  'restore.channel-refused': 'its channel could not be made',
  'restore.target-exists': 'another file of that name is there, nothing is overwritten',
  'restore.unsafe-name': 'its name would lead out of the target folder',
  'root-gone': 'not in the tenant any more; earlier snapshots keep it',
  'type-left-out': 'not read by this run, and so not in its snapshot any more; earlier snapshots keep it',
  package: 'a notebook, which Graph does not give as a file: its pages come with the notes',
  shortcut: 'a shortcut to a folder of somebody else, which is not followed',
  'content-differs':
    'Microsoft 365 gave other bytes than it says the file has, as it does with documents that it rewrites',
  'permissions-unread': 'Graph did not tell who may see it',
  'versions-unread': 'Graph did not tell its earlier versions',
  'library-with-group': 'its default library is stored with the group, as the files of that group',
  'post-attachments-unread':
    'the attachments of its posts are missing, Graph gives them only to a person who signed in',
  'posts-unread': 'Graph gave the first posts of it only',
  'list-generated': 'SharePoint or an app made this list for itself, it is not read',
  'attachments-need-sharepoint':
    "files are attached that only SharePoint's own endpoint has, which takes an application only with a certificate",
  continued: 'an interrupted run was continued',
}

/** In plain words, without a full stop. `detail` is Graph's own word, shown where there is none of ours. */
export function reasonText(code: string, detail?: string): string {
  const known = Object.hasOwn(reasons, code) ? reasons[code as ErrorCode] : undefined
  if (known !== undefined) return detail === undefined ? known : `${known} (${detail})`
  return `it failed (${detail ?? code})`
}
