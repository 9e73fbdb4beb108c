import { z } from 'zod'
import { host } from './method.ts'
import { bytes, count, cursor, hexId, line, moment, page, place, rootKind, snapshotPath } from './shapes.ts'

export const snapshotRow = z.strictObject({
  id: hexId,
  time: moment,
  /** The tenant. */
  tenant: z.string(),
  /** Snapshots of one source line up; the same word stands for the same series. */
  series: z.string(),
  /** Its roots, at most ten of them, and how many there are. */
  roots: z.array(z.string()),
  rootCount: count,
  plan: z.string().nullable(),
})
export type SnapshotRow = z.infer<typeof snapshotRow>

/** A folder of the tree: kinds, roots, data types, containers. Months are not shown: a container's items are one list. */
export const treeRow = z.strictObject({
  path: snapshotPath,
  name: z.string(),
  level: z.enum(['kind', 'root', 'type', 'container']),
  kind: rootKind.nullable(),
  /** Folder of the data type, from the level `type` on. */
  type: z.string().nullable(),
  hasChildren: z.boolean(),
  items: count.nullable(),
})
export type TreeRow = z.infer<typeof treeRow>

export const itemRow = z.strictObject({
  /** Path in the snapshot, without extension. */
  path: snapshotPath,
  type: z.string(),
  time: moment.nullable(),
  size: bytes,
  title: z.string(),
  from: z.string(),
  to: z.string(),
  hasAttachments: z.boolean(),
})
export type ItemRow = z.infer<typeof itemRow>

const foundRow = itemRow.extend({ firstSnapshot: hexId, lastSnapshot: hexId })

const searchQuery = z.strictObject({
  words: line,
  from: line.optional(),
  to: line.optional(),
  after: moment.optional(),
  before: moment.optional(),
  /** Folder of the data type. */
  type: z.string().max(60).optional(),
  attachment: z.boolean().optional(),
  /** Only what lay in this folder or below it, in the snapshot or in any. */
  folder: snapshotPath.optional(),
})

const part = z.strictObject({
  /** Says which one it is to `browse.savePart`. */
  part: z.string(),
  name: z.string(),
  mediaType: z.string(),
  size: bytes,
})
/** Of a file: itself and its earlier versions. Of a page: the files on it. */
const parts = z.array(part)
const field = z.strictObject({ label: z.string(), value: z.string() })

/** What an item looks like when it is opened. HTML is as it came: the window cleans it before it shows it. */
export const preview = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('mail'),
    subject: z.string(),
    from: z.string(),
    to: z.string(),
    cc: z.string(),
    date: moment.nullable(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    /** Pictures in the text by their Content-ID, as data: addresses. */
    inline: z.record(z.string(), z.string()),
    parts: z.array(part),
  }),
  z.strictObject({
    kind: z.literal('event'),
    subject: z.string(),
    start: z.string(),
    end: z.string(),
    allDay: z.boolean(),
    location: z.string(),
    organizer: z.string(),
    attendees: z.array(z.strictObject({ name: z.string(), response: z.string() })),
    recurrence: z.string(),
    html: z.string().nullable(),
    parts: z.array(part),
  }),
  z.strictObject({
    kind: z.literal('contact'),
    name: z.string(),
    fields: z.array(field),
    photo: z.string().nullable(),
    notes: z.string(),
  }),
  z.strictObject({
    kind: z.literal('task'),
    title: z.string(),
    state: z.string(),
    fields: z.array(field),
    checklist: z.array(z.strictObject({ text: z.string(), done: z.boolean() })),
    html: z.string().nullable(),
    parts: z.array(part),
  }),
  z.strictObject({
    kind: z.literal('messages'),
    title: z.string(),
    messages: z.array(
      z.strictObject({ author: z.string(), time: moment.nullable(), html: z.string(), reply: z.boolean() }),
    ),
    inline: z.record(z.string(), z.string()),
    parts: z.array(part),
  }),
  z.strictObject({
    kind: z.literal('image'),
    mediaType: z.string(),
    data: z.instanceof(Uint8Array),
    name: z.string(),
    parts: parts.optional(),
  }),
  z.strictObject({ kind: z.literal('pdf'), data: z.instanceof(Uint8Array), name: z.string(), parts: parts.optional() }),
  z.strictObject({
    kind: z.literal('text'),
    text: z.string(),
    truncated: z.boolean(),
    name: z.string(),
    parts: parts.optional(),
  }),
  z.strictObject({
    kind: z.literal('page'),
    title: z.string(),
    html: z.string(),
    inline: z.record(z.string(), z.string()),
    parts: parts.optional(),
  }),
  /** Everything else: what is known about it. */
  z.strictObject({ kind: z.literal('fields'), title: z.string(), fields: z.array(field), parts: z.array(part) }),
])
export type Preview = z.infer<typeof preview>

const difference = z.strictObject({
  what: z.enum(['item', 'folder']),
  kind: z.enum(['added', 'changed', 'moved', 'deleted']),
  type: z.string(),
  path: snapshotPath,
  /** Where it was, if it moved. */
  from: z.string().nullable(),
  size: bytes,
})
export type DifferenceRow = z.infer<typeof difference>

const limit = z.number().int().min(1).max(500)

export const browseMethods = {
  /** Newest first. */
  'snapshots.list': host(z.strictObject({ place, cursor }), page(snapshotRow)),
  /** Folders in a folder, by name; "" are the kinds of roots. */
  'browse.folders': host(
    z.strictObject({ place, snapshot: hexId, path: snapshotPath, cursor, query: line }),
    page(treeRow),
  ),
  /** Items of a container (whatever the months), newest first or by name. */
  'browse.items': host(
    z.strictObject({
      place,
      snapshot: hexId,
      path: snapshotPath,
      offset: count,
      limit,
      order: z.enum(['newest', 'oldest', 'title', 'from', 'size']),
    }),
    z.strictObject({ count, rows: z.array(itemRow) }),
  ),
  /** Newest first, in one snapshot or (null) in all. */
  'browse.search': host(
    z.strictObject({ place, snapshot: hexId.nullable(), query: searchQuery, offset: count, limit }),
    z.strictObject({ rows: z.array(foundRow), more: z.boolean() }),
  ),
  'browse.preview': host(z.strictObject({ place, snapshot: hexId, path: snapshotPath }), preview),
  /** Two snapshots of one series, the older one first. */
  'browse.compare': host(
    z.strictObject({ place, from: hexId, to: hexId, cursor }),
    page(difference).extend({
      totals: z.strictObject({ added: count, changed: count, moved: count, deleted: count }),
    }),
  ),
} as const
