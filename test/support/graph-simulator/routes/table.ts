import type { Reply } from '../http/exchange.ts'
import {
  addAttachment,
  countAttachments,
  deleteAttachment,
  getAttachment,
  getAttachmentValue,
  listAttachments,
} from './attachments.ts'
import type { MailboxCall, RouteCall } from './context.ts'
import { createMessage } from './create-message.ts'
import { foldersDelta } from './delta-folders.ts'
import { messagesDelta } from './delta-messages.ts'
import {
  countFolders,
  createFolder,
  deleteFolder,
  getFolder,
  listFolders,
  moveFolder,
  permanentlyDeleteFolder,
  updateFolder,
} from './folders.ts'
import {
  copyMessage,
  countMessages,
  deleteMessage,
  getMessage,
  getMime,
  listMessages,
  moveMessage,
  permanentlyDeleteMessage,
} from './messages.ts'
import { withMailbox } from './require-mailbox.ts'
import { updateMessage } from './update-message.ts'
import { createUploadSession, deleteSession, getSession, putRange } from './uploads.ts'
import { countUsers, getUser, listUsers } from './users.ts'
import { services } from '../services/index.ts'
import type { PoolKind, RouteCost, ServiceRoute } from '../services/service.ts'
import { directoryCost } from '../throttling/pool-use.ts'

/** What a request needs to be allowed; any one role of the list is enough. */
type Permission = 'readUsers' | 'readMailBasic' | 'readMail' | 'writeMail' | 'none'

const ownRoles: Readonly<Record<Exclude<Permission, 'none'>, readonly string[]>> = {
  readUsers: [
    'User.Read.All',
    'User.ReadWrite.All',
    'User.ReadBasic.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  readMailBasic: ['Mail.ReadBasic.All', 'Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
  readMail: ['Mail.Read', 'Mail.ReadWrite'],
  writeMail: ['Mail.ReadWrite'],
}

/** Roles by the name of the permission, those of the services included. */
export const permissionRoles: Readonly<Record<string, readonly string[]>> = Object.assign(
  {},
  ...services.map(({ permissions }) => permissions),
  ownRoles,
) as Record<string, readonly string[]>

export interface Route {
  /** `none` for pre-authenticated addresses. */
  readonly permission: string
  readonly pool: PoolKind | undefined
  /** Resource units. */
  readonly cost: RouteCost
  /** Whether the answer is content and not a listing. */
  readonly content: boolean
  readonly run: (call: RouteCall) => Reply | Promise<Reply>
  readonly deadCursor?: ServiceRoute['deadCursor']
  readonly audience?: ServiceRoute['audience']
}

type MailboxHandler = (call: MailboxCall) => Reply | Promise<Reply>

const directory = (units: number, run: Route['run']): Route => ({
  permission: 'readUsers',
  pool: 'directory',
  cost: directoryCost(units),
  content: false,
  run,
})

const mail = (permission: Permission, run: MailboxHandler, content = false): Route => ({
  permission,
  pool: 'mailbox',
  cost: 1,
  content,
  run: (call) => run(withMailbox(call)),
})

function serviceRoute({ permission = 'none', cost = 1, content = false, ...more }: ServiceRoute): Route {
  return { ...more, permission, cost, content }
}

const folders = 'users/{user}/mailFolders'
const folder = `${folders}/{folder}`
const messages = 'users/{user}/messages'
const message = `${messages}/{message}`
const attachment = `${message}/attachments/{attachment}`
const session = `${message}/attachmentSessions/{session}`

/** Every route there is, by method and template. */
export const routes: ReadonlyMap<string, Route> = new Map([
  ['GET users', directory(2, listUsers)],
  ['GET users/$count', directory(2, countUsers)],
  ['GET users/{user}', directory(1, getUser)],

  [`GET ${folders}`, mail('readMailBasic', listFolders)],
  [`POST ${folders}`, mail('writeMail', createFolder)],
  [`GET ${folders}/$count`, mail('readMailBasic', countFolders)],
  [`GET ${folders}/delta`, mail('readMailBasic', foldersDelta)],
  [`GET ${folder}`, mail('readMailBasic', getFolder)],
  [`PATCH ${folder}`, mail('writeMail', updateFolder)],
  [`DELETE ${folder}`, mail('writeMail', deleteFolder)],
  [`POST ${folder}/move`, mail('writeMail', moveFolder)],
  [`POST ${folder}/permanentDelete`, mail('writeMail', permanentlyDeleteFolder)],
  [`GET ${folder}/childFolders`, mail('readMailBasic', listFolders)],
  [`POST ${folder}/childFolders`, mail('writeMail', createFolder)],
  [`GET ${folder}/childFolders/$count`, mail('readMailBasic', countFolders)],

  [`GET ${folder}/messages/delta`, mail('readMailBasic', messagesDelta)],
  [`GET ${folder}/messages`, mail('readMailBasic', listMessages)],
  [`GET ${folder}/messages/$count`, mail('readMailBasic', countMessages)],
  [`POST ${folder}/messages`, mail('writeMail', createMessage)],
  [`GET ${messages}`, mail('readMailBasic', listMessages)],
  [`GET ${messages}/$count`, mail('readMailBasic', countMessages)],
  [`POST ${messages}`, mail('writeMail', createMessage)],
  [`GET ${message}`, mail('readMailBasic', getMessage)],
  [`PATCH ${message}`, mail('writeMail', updateMessage)],
  [`DELETE ${message}`, mail('writeMail', deleteMessage)],
  [`GET ${message}/$value`, mail('readMail', getMime, true)],
  [`POST ${message}/move`, mail('writeMail', moveMessage)],
  [`POST ${message}/copy`, mail('writeMail', copyMessage)],
  [`POST ${message}/permanentDelete`, mail('writeMail', permanentlyDeleteMessage)],

  [`GET ${message}/attachments`, mail('readMail', listAttachments, true)],
  [`POST ${message}/attachments`, mail('writeMail', addAttachment)],
  [`GET ${message}/attachments/$count`, mail('readMail', countAttachments)],
  [`POST ${message}/attachments/createUploadSession`, mail('writeMail', createUploadSession)],
  [`GET ${attachment}`, mail('readMail', getAttachment, true)],
  [`DELETE ${attachment}`, mail('writeMail', deleteAttachment)],
  [`GET ${attachment}/$value`, mail('readMail', getAttachmentValue, true)],

  [`PUT ${session}`, mail('none', putRange)],
  [`GET ${session}`, mail('none', getSession)],
  [`DELETE ${session}`, mail('none', deleteSession)],

  // Last: a service may know more of something (the profile of a user) than the routes above.
  ...services.flatMap(({ routes: more }) =>
    Object.entries(more).map(([name, route]) => [name, serviceRoute(route)] as const),
  ),
])
