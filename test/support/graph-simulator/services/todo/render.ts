import type {
  JsonRecord,
  StoredChecklistItem,
  StoredExtension,
  StoredFile,
  StoredLink,
  StoredList,
  StoredTask,
} from './stored.ts'

/** Graph writes these times with seven digits behind the second. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000Z')
}

function etagOf(id: string, version: number): string {
  return `W/"${Buffer.from(`${id.slice(-12)}:${String(version)}`).toString('base64')}"`
}

export function renderList(list: StoredList): JsonRecord {
  const { id, version, displayName, isOwner, isShared, wellknownListName } = list
  return { '@odata.etag': etagOf(id, version), id, displayName, isOwner, isShared, wellknownListName }
}

/** What has no value is absent, as in the documented examples. */
export function renderTask(task: StoredTask): JsonRecord {
  const { properties } = task
  const all = {
    '@odata.etag': etagOf(task.id, task.version),
    id: task.id,
    importance: properties.importance,
    isReminderOn: properties.isReminderOn,
    status: properties.status,
    title: properties.title,
    createdDateTime: isoTime(task.createdAt),
    lastModifiedDateTime: isoTime(task.modifiedAt),
    hasAttachments: task.files.length > 0,
    categories: properties.categories,
    body: properties.body,
    bodyLastModifiedDateTime: isoTime(task.bodyModifiedAt),
    completedDateTime: properties.completedDateTime,
    dueDateTime: properties.dueDateTime,
    recurrence: properties.recurrence,
    reminderDateTime: properties.reminderDateTime,
    startDateTime: properties.startDateTime,
  }
  return withoutNulls(all)
}

export function renderChecklistItem(item: StoredChecklistItem): JsonRecord {
  return withoutNulls({ ...item })
}

export function renderLink(link: StoredLink): JsonRecord {
  return withoutNulls({ ...link })
}

export function renderFile(file: StoredFile, withBytes: boolean): JsonRecord {
  const { id, name, contentType, bytes, modifiedAt } = file
  return {
    '@odata.type': '#microsoft.graph.taskFileAttachment',
    id,
    lastModifiedDateTime: isoTime(modifiedAt),
    name,
    contentType,
    size: bytes.length,
    ...(withBytes ? { contentBytes: bytes.toString('base64') } : {}),
  }
}

const extensionPrefix = 'microsoft.graph.openTypeExtension.'

export function renderExtension({ name, values }: StoredExtension): JsonRecord {
  return {
    '@odata.type': '#microsoft.graph.openTypeExtension',
    id: `${extensionPrefix}${name}`,
    extensionName: name,
    ...values,
  }
}

/** An extension may be named by its name or with its type in front, in either of the documented spellings. */
export function extensionName(id: string): string {
  return id.replace(/^(microsoft\.(graph|outlookservices)\.)?openTypeExtension\./i, '')
}

function withoutNulls(json: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
}

/** Only the selected properties, beside the id and what is expanded. */
export function onlySelected(json: JsonRecord, selected: ReadonlySet<string> | undefined): JsonRecord {
  if (selected === undefined) return json
  return Object.fromEntries(
    Object.entries(json).filter(([name]) => name.includes('@') || name === 'id' || selected.has(name)),
  )
}
