import {
  driveIds,
  serverAssigned,
  signedIn,
  whenChanged,
  whenMade,
  type Assigned,
} from '../everything/server-assigned.ts'

const teamIds = 'Teams gives every channel, message, tab and member an id'
const teamAddress = 'made of the ids'
const listIds = 'SharePoint gives every list, column, content type and item an id'
const noAuthors = 'Graph sets neither authors nor dates of list items; the restore says so'
const numbers = 'persons and items are numbers that each site gives: who and what they stand for is compared'
const noValues = 'Graph takes no values of such columns; the restore says so'
const noSchema = 'columns and content types of the site itself are not made again; the restore says so'
const hash = 'made of all the others'

/** Those of users, but for what only users have. */
function like(type: string, without: Readonly<Record<'container' | 'item', readonly string[]>>): Assigned {
  const { container = {}, item = {} } = serverAssigned[type] ?? {}
  const kept = (rows: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(rows).filter(([name]) => !names.includes(name)))
  return { container: kept(container, without.container), item: kept(item, without.item) }
}

const files = like('onedrive', {
  container: [
    'specialFolder',
    'permissions[].id',
    'permissions[].shareId',
    'permissions[].link.webUrl',
    'permissions[].inheritedFrom.*',
  ],
  item: ['permissions[].inheritedFrom.*'],
})

const planner: Assigned = {
  container: serverAssigned.planner?.container ?? {},
  item: {
    ...serverAssigned.planner?.item,
    conversationThreadId: 'its comments are in the mailbox of the group that it came from; the restore says so',
  },
}

/** Fields of what groups and sites have that are not compared, each with the reason. */
export const sharedAssigned: Readonly<Record<string, Assigned>> = {
  group: {
    container: {},
    item: {
      changeKey: hash,
      createdDateTime: 'when that group was made',
      renewedDateTime: 'the same',
      securityIdentifier: 'every group has one of its own',
    },
  },
  calendar: like('calendar', {
    container: ['calendarGroup.id', 'calendarGroup.classId', 'calendarPermissions[].id'],
    item: [],
  }),
  files,
  teams: {
    container: {
      createdDateTime: 'the moment of the restore, or before the first message',
      email: 'a channel gets an address of its own',
      'filesFolder.id': driveIds,
      'filesFolder.parentReference.driveId': driveIds,
      'members[].id': teamIds,
      migrationMode: 'says that messages were imported',
      originalCreatedDateTime: whenMade,
      'tabs[].id': teamIds,
      'tabs[].webUrl': teamAddress,
    },
    item: {
      createdDateTime: 'of the team: when it was made',
      'installedApps[].id': teamIds,
    },
  },
  planner,
  notes: like('notes', { container: [], item: [] }),
  site: {
    container: {},
    item: {
      changeKey: hash,
      count: noSchema,
      'o365:content': noSchema,
      'value[].id': 'made of the application and the site',
      createdDateTime: 'when that site was made',
      lastModifiedDateTime: whenChanged,
      description: 'Graph cannot change what a site says of itself; the restore says so',
      'library.id': driveIds,
    },
  },
  libraries: files,
  lists: {
    container: {
      'columns[].id': listIds,
      'contentTypes[].id': listIds,
      createdDateTime: whenMade,
    },
    item: {
      changeKey: hash,
      'columns[].id': listIds,
      'contentTypes[].id': listIds,
      createdDateTime: noAuthors,
      lastModifiedDateTime: noAuthors,
      'createdBy.*': noAuthors,
      'contentType.id': listIds,
      eTag: 'made of the id',
      id: numbers,
      webUrl: 'ends in the number',
      'fields.id': numbers,
      'fields._UIVersionString': 'counts the requests that made the item',
      'fields.Created': noAuthors,
      'fields.Modified': noAuthors,
      'fields.AuthorLookupId': noAuthors,
      'fields.EditorLookupId': noAuthors,
      'o365:People.Author': noAuthors,
      'o365:People.Editor': noAuthors,
      'fields.*LookupId': numbers,
      'o365:People.*[].id': numbers,
      'o365:People.*[].account': 'groups have other accounts in another tenant; their names are compared',
      'o365:Lookups.*.values[].id': numbers,
      'fields.Link': noValues,
      'fields.Place': noValues,
      'fields.Photo': noValues,
      'fields.Department': 'terms belong to the sets of a tenant',
    },
  },
  pages: {
    container: {},
    item: {
      id: 'every site gives pages ids of its own',
      eTag: 'made of the id',
      createdDateTime: whenMade,
      lastModifiedDateTime: whenChanged,
      'createdBy.*': signedIn,
      'lastModifiedBy.*': signedIn,
      'publishingState.*': 'pages come back as drafts; the restore says so',
    },
  },
}
