import type { ParamsOf } from '../../../../src-shared/ipc/index.ts'
import { texts } from '../../lib/texts/index.ts'
import type { IconName } from '../../ui/icons.ts'
import type { Column, Sort } from '../../ui/types.ts'
import type { Look } from './snapshot-path.ts'

export type Order = ParamsOf<'browse.items'>['order']

const { columns: titles } = texts.browse

const icon: Column = { key: 'icon', title: titles.type, width: '28px', hideTitle: true }
const attachment: Column = { key: 'attachment', title: titles.attachment, width: '28px', hideTitle: true }
const size: Column = { key: 'size', title: titles.size, width: '84px', align: 'end', sortable: true }

function text(key: 'from' | 'title', title: string, share: number): Column {
  return { key, title, width: `minmax(0, ${String(share)}fr)`, sortable: true }
}

function time(title: string): Column {
  return { key: 'time', title, width: '184px', sortable: true }
}

const byLook: Readonly<Record<Look, readonly Column[]>> = {
  mail: [text('from', titles.from, 2), attachment, text('title', titles.subject, 4), time(titles.received), size],
  event: [text('title', titles.title, 4), text('from', titles.author, 2), time(titles.when)],
  contact: [text('title', titles.name, 3), text('from', titles.email, 3), time(titles.modified)],
  file: [icon, text('title', titles.name, 4), time(titles.modified), size],
  messages: [text('from', titles.author, 2), text('title', titles.title, 4), time(titles.received)],
  task: [text('title', titles.title, 4), time(titles.modified)],
  note: [text('title', titles.title, 4), time(titles.modified), size],
  other: [text('title', titles.name, 4), time(titles.modified), size],
}

/** What a list of items of that kind shows. */
export function columnsOf(look: Look): readonly Column[] {
  return byLook[look]
}

/** What search results show: of all kinds, from all places. */
export const resultColumns: readonly Column[] = [
  icon,
  { key: 'from', title: titles.from, width: 'minmax(0, 2fr)' },
  attachment,
  { key: 'title', title: titles.title, width: 'minmax(0, 4fr)' },
  { key: 'where', title: titles.where, width: 'minmax(0, 2fr)' },
  { key: 'time', title: titles.received, width: '184px' },
]

export const seenColumn: Column = { key: 'seen', title: titles.seen, width: 'minmax(0, 2fr)' }

/** Wide enough for dates with their time, and sizes. */
const roomy = 760
const roomForPlace = 560

/** Not even wide enough for pictures beside the texts. */
const tight = 500

/** The columns that there is room for. */
export function fitting(columns: readonly Column[], width: number): readonly Column[] {
  if (width >= roomy) return columns
  return columns
    .filter(({ key }) => key !== 'size' && (width >= roomForPlace || (key !== 'where' && key !== 'seen')))
    .filter(({ key }) => width >= tight || (key !== 'icon' && key !== 'attachment'))
    .map((column) => (column.key === 'time' ? { ...column, width: width >= tight ? '112px' : '92px' } : column))
}

/** Whether there is only room for short dates. */
export function isNarrow(width: number): boolean {
  return width < roomy
}

export function sortOf(order: Order): Sort {
  if (order === 'newest') return { key: 'time', direction: 'descending' }
  if (order === 'oldest') return { key: 'time', direction: 'ascending' }
  return { key: order, direction: order === 'size' ? 'descending' : 'ascending' }
}

/** The order that choosing a column leads to. */
export function orderAfter(order: Order, column: string): Order {
  if (column === 'time') return order === 'newest' ? 'oldest' : 'newest'
  if (column === 'title' || column === 'from' || column === 'size') return column
  return order
}

const lookIcons: Readonly<Record<Look, IconName>> = {
  mail: 'mail',
  event: 'calendar',
  contact: 'contact',
  file: 'file',
  messages: 'chat',
  task: 'task',
  note: 'notebook',
  other: 'file-text',
}

const extensionIcons: readonly (readonly [IconName, RegExp])[] = [
  ['image', /\.(?:png|jpe?g|gif|webp|bmp|svg|heic|tiff?)$/i],
  ['file-sheet', /\.(?:xlsx?|xlsm|csv|ods)$/i],
  ['file-archive', /\.(?:zip|7z|rar|tar|gz)$/i],
  ['file-text', /\.(?:pdf|docx?|odt|txt|md|rtf|pptx?)$/i],
  ['video', /\.(?:mp4|mov|avi|mkv|webm)$/i],
  ['music', /\.(?:mp3|wav|m4a|flac|ogg)$/i],
]

export function iconOf(look: Look, title: string): IconName {
  if (look !== 'file') return lookIcons[look]
  return extensionIcons.find(([, pattern]) => pattern.test(title))?.[0] ?? 'file'
}

const typeIcons: Readonly<Record<string, IconName>> = {
  mailbox: 'mail',
  'mailbox-settings': 'sliders',
  calendar: 'calendar',
  contacts: 'contact',
  onedrive: 'drive',
  files: 'drive',
  libraries: 'library',
  tasks: 'task',
  notes: 'notebook',
  planner: 'board',
  chats: 'chat',
  teams: 'chat',
  profile: 'id-card',
  lists: 'list',
  pages: 'file-text',
}

export function iconOfType(type: string | null): IconName {
  return typeIcons[type ?? ''] ?? 'settings'
}
