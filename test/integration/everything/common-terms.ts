import { createHash } from 'node:crypto'
import PostalMime, { type Address } from 'postal-mime'
import type { JsonObject, JsonValue } from '../../../src-main/engine/model/json.ts'
import { cancelledDaysOf } from '../../../src-main/graph/calendar/event-parts.ts'
import { isObject, list, text } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { cleanText } from '../../../src-main/graph/outlook/clean-text.ts'
import type { SnapshotContainer, SnapshotItem, SnapshotType } from './stored.ts'

/** Facts of an item or container in terms that mean the same for both users: names for ids, order for order hints. */
export type Terms = (facts: JsonObject, item: SnapshotItem, held: SnapshotType) => JsonObject | Promise<JsonObject>

const unchanged: Terms = (facts) => facts

const containerTerms: Readonly<Record<string, Terms>> = {
  planner: (facts) => ({ ...facts, buckets: byHint(objects(facts, 'buckets')) }),
  onedrive: (facts, { container }) => withPermissions(container.length > 2 ? facts : ofDrive(facts)),
}

const itemTerms: Readonly<Record<string, Terms>> = {
  mailbox: async (facts, { content }) => ({ ...facts, 'o365:content': await mailFacts(content ?? new Uint8Array()) }),
  calendar: (facts) => ({ ...facts, cancelledOccurrences: [...cancelledDaysOf(facts)] }),
  onedrive: (facts, item) => versionTerms(withPermissions(facts), item),
  planner: plannerTask,
  notes: (facts, { content }) => ({ ...facts, 'o365:content': pageText(facts, content) }),
}

export function inCommonTerms(kind: 'container' | 'item', folder: string): Terms {
  return (kind === 'container' ? containerTerms : itemTerms)[folder] ?? unchanged
}

export function digest(bytes: Uint8Array): string {
  return `${String(bytes.length)} bytes, ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`
}

/**
 * What people see of a mail: addresses, subject, text, files. Exchange writes the MIME of a message that was made through
 * Graph: it has one body (HTML where there is some) without control characters, ends lines and texts as it likes and names every
 * file.
 */
async function mailFacts(bytes: Uint8Array): Promise<JsonObject> {
  const mail = await PostalMime.parse(bytes)
  const files = mail.attachments.map(({ filename, mimeType, content }) => {
    const name = (filename ?? '').replaceAll(/[^\p{L}\d. -]/gu, '_')
    const data = typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
    // The line break before a boundary is part of the boundary; not all programs see it like that.
    const kept = /^message|signature$/.test(mimeType) ? Buffer.from(data.toString('latin1').trimEnd(), 'latin1') : data
    return `${madeUp.test(name) ? '(made up)' : name} ${mimeType}: ${digest(kept)}`
  })
  const { html, text: plain = '' } = mail
  const all = (addresses: readonly Address[] | undefined): JsonValue =>
    (addresses ?? []).map(({ name, address = '' }) => `${name} <${address.toLowerCase()}>`)
  return {
    body: cleanText(html ?? plain)
      .replaceAll('\r\n', '\n')
      .trim(),
    subject: mail.subject ?? '',
    from: all(mail.from === undefined ? [] : [mail.from]),
    to: all(mail.to),
    cc: all(mail.cc),
    bcc: all(mail.bcc),
    replyTo: all(mail.replyTo),
    files: files.sort(),
  }
}

/** Names that nameless files get. */
const madeUp = /^$|^attachment-\d+\.\w+$|^invite\.ics$|^signature\.asc$/

/** What is restored goes into the drive and the root that are there, which have times of their own. */
function ofDrive({ fileSystemInfo: _times, ...rest }: JsonObject): JsonObject {
  return rest
}

/** Permissions are a set. */
function withPermissions(facts: JsonObject): JsonObject {
  if (!('permissions' in facts)) return facts
  const permissions = objects(facts, 'permissions').map(
    ({ grantedTo: _one, grantedToIdentities: _all, ...rest }) => rest,
  )
  return {
    ...facts,
    permissions: permissions.sort(by((one) => JSON.stringify([one.roles, one.link, one.grantedToV2]))),
  }
}

/**
 * Parts of a file are its earlier versions, named after their times, which Graph takes none of. An empty file has one
 * more: it gets its date by a second request, which makes a version.
 */
function versionTerms(facts: JsonObject, { parts }: SnapshotItem): JsonObject {
  const { versions, ...rest } = facts
  if (facts.size === 0) return { ...rest, 'o365:parts': [] }
  const kept = [...parts].sort().map(([, bytes]) => digest(bytes))
  return { ...rest, ...(versions === undefined ? {} : { versions }), 'o365:parts': kept }
}

/** The page without the ids of its pictures and files. */
function pageText({ resources }: JsonObject, content: Uint8Array | undefined): string {
  let html = Buffer.from(content ?? []).toString()
  const ids = Array.isArray(resources) ? (resources as readonly JsonValue[]).filter(isObject) : []
  for (const resource of ids) html = html.replaceAll(text(resource, 'id') ?? '', text(resource, 'name') ?? '')
  return html
}

/** Buckets by their names, and everything that has a hint in the order which the hints give. */
function plannerTask(facts: JsonObject, { container }: SnapshotItem, held: SnapshotType): JsonObject {
  const plan = held.containers.find(({ path }) => path.join('/') === container.join('/'))
  const details = isObject(facts.details) ? facts.details : {}
  const assignments = isObject(facts.assignments) ? facts.assignments : {}
  return {
    ...facts,
    orderHint: placeAmong(held, container, facts, (task) => text(task, 'orderHint')),
    bucket: bucketName(plan, text(facts, 'bucketId')),
    bucketTaskBoardFormat: placeAmong(
      held,
      container,
      facts,
      (task) =>
        `${bucketName(plan, text(task, 'bucketId'))} ${inner(task, 'bucketTaskBoardFormat', 'orderHint') ?? ''}`,
    ),
    progressTaskBoardFormat: placeAmong(held, container, facts, (task) =>
      inner(task, 'progressTaskBoardFormat', 'orderHint'),
    ),
    assignedToTaskBoardFormat: placeAmong(held, container, facts, (task) =>
      inner(task, 'assignedToTaskBoardFormat', 'unassignedOrderHint'),
    ),
    assignments: ordered(assignments, 'orderHint'),
    details: {
      ...details,
      checklist: ordered(isObject(details.checklist) ? details.checklist : {}, 'orderHint'),
      references: ordered(isObject(details.references) ? details.references : {}, 'previewPriority'),
    },
  }
}

function bucketName(plan: SnapshotContainer | undefined, id: string | undefined): string {
  const buckets = byHint(objects(propertiesOf(plan?.metadata ?? {}), 'buckets'))
  const place = buckets.findIndex((bucket) => bucket.id === id)
  return place < 0 ? '' : `${String(place)} ${text(buckets[place] ?? {}, 'name') ?? ''}`
}

/** How many of the plan's tasks in the snapshot stand before it. */
function placeAmong(
  held: SnapshotType,
  container: readonly string[],
  facts: JsonObject,
  hint: (task: JsonObject) => string | undefined,
): number {
  const own = hint(facts) ?? ''
  const all = held.items.filter((item) => item.container.join('/') === container.join('/'))
  return all.filter(({ metadata }) => (hint(propertiesOf(metadata)) ?? '') < own).length
}

function inner(task: JsonObject, name: string, field: string): string | undefined {
  const value = task[name]
  return isObject(value) ? text(value, field) : undefined
}

/** An open type by its hints, which are replaced by the places that they give. */
function ordered(open: JsonObject, hint: string): JsonObject {
  const entries = Object.entries(open).filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
  const places = entries.sort(by(([, value]) => text(value, hint) ?? ''))
  return Object.fromEntries(places.map(([name, value], place) => [name, { ...value, [hint]: place }]))
}

function byHint(all: readonly JsonObject[]): JsonObject[] {
  return [...all].sort(by((one) => text(one, 'orderHint') ?? ''))
}

export function objects(facts: JsonObject, name: string): JsonObject[] {
  return (list(facts, name) ?? []).filter(isObject)
}

export function by<T>(key: (one: T) => string): (one: T, other: T) => number {
  return (one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other)))
}
