import type { JsonObject } from '../../../src-main/engine/model/json.ts'
import { bodyWithPeople } from '../../../src-main/graph/calendar/people-text.ts'
import { isObject, list } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import type { SnapshotItem } from './stored.ts'

/**
 * Fields that are not compared, each with the reason: `a.b`, `a[].b`; `*` is any name, `**.` any depth. Fields that
 * begin with `o365:` are Holdfast's own.
 */
export interface Assigned {
  readonly container: Readonly<Record<string, string>>
  readonly item: Readonly<Record<string, string>>
}

const mailboxIds = 'every mailbox has ids of its own'
const inMailbox = 'names a version in that mailbox'
export const whenMade = 'the moment at which the restore made it'
export const whenChanged = 'the moment at which the restore last changed it'
export const driveIds = 'every drive has ids of its own'
const driveAddress = 'made of the drive, its owner and its tenant'
export const signedIn = 'who is signed in: the application'
const oneNoteIds = 'OneNote has ids of its own for every user'
const oneNoteAddress = 'made of the id'
const plannerIds = 'Planner gives every plan, bucket and task an id'
const plannerHint = 'hints mean something only beside their neighbours: the order that they give is compared instead'
const account = 'state of the account, which a restore never touches'
const sharePoint = 'only the signed-in person may write it'

export const serverAssigned: Readonly<Record<string, Assigned>> = {
  mailbox: {
    container: { id: mailboxIds, parentFolderId: mailboxIds },
    item: {
      id: mailboxIds,
      parentFolderId: mailboxIds,
      changeKey: inMailbox,
      createdDateTime: whenMade,
      lastModifiedDateTime: whenChanged,
      conversationId: mailboxIds,
      conversationIndex: 'made by the server, and begins with the moment at which it saw the first mail',
      bodyPreview: 'made from the text',
    },
  },
  'mailbox-settings': {
    container: { id: mailboxIds },
    item: {
      id: mailboxIds,
      changeKey: 'made of all the others',
      'actions.copyToFolder': 'an id; the folder is compared by its path',
      'actions.moveToFolder': 'an id; the folder is compared by its path',
      'folders[].id': 'the same',
      delegateMeetingMessageDeliveryOptions: 'Graph has no way to set it; the restore says so',
      archiveFolder: mailboxIds,
    },
  },
  calendar: {
    container: {
      id: mailboxIds,
      'calendarGroup.id': mailboxIds,
      'calendarGroup.classId': mailboxIds,
      'calendarPermissions[].id': mailboxIds,
    },
    item: {
      id: mailboxIds,
      'exceptionOccurrences[].id': mailboxIds,
      '**.seriesMasterId': mailboxIds,
      '**.changeKey': inMailbox,
      '**.attachments[].id': mailboxIds,
      '**.attachments[].lastModifiedDateTime': whenChanged,
      '**.createdDateTime': whenMade,
      lastModifiedDateTime: whenChanged,
      'exceptionOccurrences[].lastModifiedDateTime': whenChanged,
      '**.iCalUId': 'made by the server for each new event',
      '**.webLink': 'contains the id',
      '**.transactionId': 'belongs to the request that made the event',
      '**.bodyPreview': 'made from the text',
      '**.attendees': 'Graph would invite them: they stand in the text, which is compared with them in it',
      '**.organizer': 'the same',
      '**.isOrganizer': 'the same',
      '**.responseStatus': 'the same',
      '**.isCancelled': 'the same',
      '**.onlineMeeting': 'the same: Graph would set a new meeting up',
      '**.onlineMeetingUrl': 'the same',
      '**.onlineMeetingProvider': 'the same',
      '**.isOnlineMeeting': 'the same',
    },
  },
  contacts: {
    container: { id: mailboxIds, parentFolderId: mailboxIds },
    item: {
      id: mailboxIds,
      parentFolderId: mailboxIds,
      changeKey: inMailbox,
      createdDateTime: whenMade,
      lastModifiedDateTime: whenChanged,
    },
  },
  onedrive: {
    container: {
      id: driveIds,
      'parentReference.*': driveIds,
      webUrl: driveAddress,
      'createdBy.*': signedIn,
      createdDateTime: 'when it was made there; fileSystemInfo has the time of the folder',
      specialFolder: 'the drive itself gives folders their roles; Graph takes none',
      'permissions[].id': driveIds,
      'permissions[].shareId': 'made of the id',
      'permissions[].link.webUrl': driveAddress,
      'permissions[].inheritedFrom.*': 'ids, and a path with the id of the drive',
    },
    item: {
      id: driveIds,
      eTag: 'made of the id',
      'parentReference.*': driveIds,
      webUrl: driveAddress,
      'createdBy.*': signedIn,
      'lastModifiedBy.*': signedIn,
      createdDateTime: 'when it was uploaded; fileSystemInfo has the time of the file',
      lastModifiedDateTime: 'the same',
      'permissions[].id': driveIds,
      'permissions[].shareId': 'made of the id',
      'permissions[].link.webUrl': driveAddress,
      'permissions[].inheritedFrom.*': 'ids, and a path with the id of the drive',
      'versions[].id': 'numbered by the drive',
      'versions[].lastModifiedBy.*': signedIn,
      'versions[].lastModifiedDateTime': 'when it was uploaded: Graph takes no times of versions',
    },
  },
  tasks: {
    container: { id: mailboxIds },
    item: {
      id: mailboxIds,
      changeKey: inMailbox,
      createdDateTime: whenMade,
      lastModifiedDateTime: whenChanged,
      bodyLastModifiedDateTime: whenChanged,
      'attachments[].id': mailboxIds,
      'attachments[].lastModifiedDateTime': whenMade,
      'checklistItems[].id': mailboxIds,
      'linkedResources[].id': mailboxIds,
    },
  },
  planner: {
    container: {
      id: plannerIds,
      'details.id': plannerIds,
      'buckets[].id': plannerIds,
      'buckets[].planId': plannerIds,
      'buckets[].orderHint': plannerHint,
      'container.containerId': 'the group in which the plan is, which the restore was told',
      'container.url': 'the same',
      owner: 'the same',
      createdDateTime: whenMade,
    },
    item: {
      id: plannerIds,
      planId: plannerIds,
      bucketId: 'an id; the bucket is compared by its name',
      changeKey: 'a version in that plan',
      createdDateTime: whenMade,
      createdBy: signedIn,
      completedDateTime: 'the moment of the restore; the restore says so',
      completedBy: signedIn,
      assigneePriority: plannerHint,
      'assignments.*.assignedDateTime': whenMade,
      'assignments.*.assignedBy': signedIn,
      'details.id': plannerIds,
      'details.checklist.*.lastModifiedDateTime': whenMade,
      'details.references.*.lastModifiedDateTime': whenMade,
    },
  },
  notes: {
    container: {
      id: oneNoteIds,
      createdDateTime: whenMade,
      isDefault: 'OneNote itself makes the default notebook',
      self: oneNoteAddress,
      pagesUrl: oneNoteAddress,
      sectionsUrl: oneNoteAddress,
      sectionGroupsUrl: oneNoteAddress,
      'links.*.href': oneNoteAddress,
    },
    item: {
      id: oneNoteIds,
      lastModifiedDateTime: whenChanged,
      self: oneNoteAddress,
      contentUrl: oneNoteAddress,
      'links.*.href': oneNoteAddress,
      'parentSection.id': oneNoteIds,
      'parentSection.self': oneNoteAddress,
      'resources[].id': oneNoteIds,
    },
  },
  profile: {
    container: {},
    item: {
      changeKey: 'made of all the others',
      createdDateTime: 'when the account was made',
      directReports: 'follows from the managers of others',
      accountEnabled: account,
      ageGroup: account,
      assignedLicenses: account,
      licenseDetails: account,
      passwordPolicies: account,
      proxyAddresses: account,
      showInAddressList: account,
      usageLocation: account,
      userType: account,
      employeeHireDate: 'Graph lets no application write it without a permission of its own',
      aboutMe: sharePoint,
      birthday: sharePoint,
      interests: sharePoint,
      mySite: sharePoint,
      pastProjects: sharePoint,
      responsibilities: sharePoint,
      schools: sharePoint,
      skills: sharePoint,
    },
  },
}

/** What Graph cannot take back as it was: the form in which the restore gives it back instead. */
export function asRestored(folder: string, kind: 'container' | 'item', item: SnapshotItem): SnapshotItem | undefined {
  const before = propertiesOf(item.metadata)
  const after = changedForms[`${folder} ${kind}`]?.(before)
  return after === 'left out' ? undefined : { ...item, metadata: { ...item.metadata, properties: after ?? before } }
}

type Form = (properties: JsonObject) => JsonObject | 'left out' | undefined

const changedForms: Readonly<Record<string, Form>> = {
  // An invitation comes back as a plain message with the calendar part as a file: nobody could answer it any more.
  'mailbox item': (properties) => {
    const { '@odata.type': type, ...rest } = properties
    return type === undefined ? properties : { ...rest, hasAttachments: true }
  },
  // What had been deleted for good comes back as a plain folder, never into the place where the mailbox keeps its own.
  'mailbox container': ({ wellKnownName, ...rest }) =>
    wellKnownName === 'recoverableitemsdeletions' ? { ...rest, isHidden: false } : undefined,
  // A notebook comes back with the notes.
  'onedrive container': ({ package: notebook }) => (notebook === undefined ? undefined : 'left out'),
  // A restore does not switch automatic replies on.
  'mailbox-settings item': (properties) => {
    const replies = properties.automaticRepliesSetting
    return isObject(replies)
      ? { ...properties, automaticRepliesSetting: { ...replies, status: 'disabled' } }
      : properties
  },
  'calendar item': (event) => withPeopleInText(withKnownZones(event)),
  // A notebook comes back with the notes, and Graph takes no shortcuts.
  'onedrive item': (properties) => ('package' in properties || 'remoteItem' in properties ? 'left out' : undefined),
}

/** A zone that only the item itself knows is replaced, and the restore says so; the moments stay. */
function withKnownZones(event: JsonObject): JsonObject {
  const zones = ['originalStartTimeZone', 'originalEndTimeZone'].filter((name) => event[name] === customZone)
  return { ...event, ...Object.fromEntries(zones.map((name) => [name, 'UTC'])) }
}

const customZone = 'tzone://Microsoft/Custom'

function withPeopleInText(event: JsonObject): JsonObject {
  const days = (list(event, 'exceptionOccurrences') ?? []).filter(isObject)
  return {
    ...event,
    body: bodyWithPeople(event).json,
    ...(days.length === 0 ? {} : { exceptionOccurrences: days.map(withPeopleInText) }),
  }
}
