import type { DifferenceRow, ItemRow, Preview, SnapshotRow, TreeRow } from '../../../src-shared/ipc/index.ts'
import { Refusal, type Handlers } from '../support/scripted-api.ts'

export const place = '/srv/backup/contoso'
export const ada = 'users/ada@contoso.example'
export const inbox = `${ada}/mailbox/Inbox`
const hour = 3_600_000
/** Not long ago, whenever the tests run. */
const newest = Math.floor((Date.now() - 3 * hour) / hour) * hour

export function snapshotId(index: number): string {
  return index.toString(16).padStart(64, '0')
}

/** Snapshots three times a day, newest first. */
export function snapshots(count: number, series = '1'): SnapshotRow[] {
  return Array.from({ length: count }, (_none, index) => ({
    id: snapshotId(index),
    time: newest - index * 8 * hour,
    tenant: 'contoso.example',
    series,
    roots: [ada, 'groups/sales@contoso.example'],
    rootCount: 2,
    plan: 'plan-1',
  }))
}

const words = ['Quarterly report', 'Lunch on Friday', 'Re: offer for the new office', 'Minutes of the board', 'Invoice']
const people = ['Ben Ode <ben@contoso.example>', 'Cleo Ruiz <cleo@fabrikam.example>', 'Dana Wu <dana@contoso.example>']

function mailRow(index: number, folder = inbox): ItemRow {
  return {
    path: `${folder}/2026-0${String((index % 9) + 1)}/message ${String(index).padStart(6, '0')} ~abcdefghij`,
    type: 'mailbox',
    time: newest - index * 37 * 60_000,
    size: 2_000 + ((index * 7919) % 900_000),
    title: index % 97 === 5 ? '' : `${words[index % words.length] ?? ''} ${String(index)}`,
    from: people[index % people.length] ?? '',
    to: 'ada@contoso.example',
    hasAttachments: index % 7 === 0,
  }
}

function folder(path: string, level: TreeRow['level'], rest: Partial<TreeRow> = {}): TreeRow {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return { path, name, level, kind: 'user', type: null, hasChildren: true, items: null, ...rest }
}

function container(path: string, type: string, items: number, hasChildren = false): TreeRow {
  return folder(path, 'container', { type, items, hasChildren })
}

const trees: Readonly<Record<string, readonly TreeRow[]>> = {
  '': [folder('users', 'kind'), folder('groups', 'kind', { kind: 'group' })],
  users: [
    folder(ada, 'root'),
    folder('users/a-person-with-a-remarkably-long-address-that-goes-on@contoso.example', 'root'),
  ],
  groups: [folder('groups/sales@contoso.example', 'root', { kind: 'group' })],
  [ada]: [
    folder(`${ada}/mailbox`, 'type', { type: 'mailbox' }),
    folder(`${ada}/calendar`, 'type', { type: 'calendar' }),
    folder(`${ada}/onedrive`, 'type', { type: 'onedrive' }),
  ],
  [`${ada}/mailbox`]: [
    container(inbox, 'mailbox', 500_000, true),
    container(`${ada}/mailbox/Archive`, 'mailbox', 12),
    container(`${ada}/mailbox/Empty`, 'mailbox', 0),
  ],
  [inbox]: [container(`${inbox}/Projects`, 'mailbox', 3)],
  [`${ada}/calendar`]: [container(`${ada}/calendar/Calendar`, 'calendar', 4)],
  [`${ada}/onedrive`]: [container(`${ada}/onedrive/OneDrive`, 'onedrive', 6)],
  'groups/sales@contoso.example': [
    folder('groups/sales@contoso.example/files', 'type', { kind: 'group', type: 'files' }),
  ],
}

const fileNames = [
  'Budget 2026.xlsx',
  'Plan.pdf',
  'Logo.png',
  'Notes.txt',
  'Archive.zip',
  'Contract with a very long name.docx',
]

function rowAt(path: string, index: number): ItemRow {
  if (path.includes('/onedrive/')) {
    const title = fileNames[index % fileNames.length] ?? ''
    return {
      ...mailRow(index),
      path: `${path}/files/${title}`,
      type: 'onedrive',
      title,
      from: '',
      hasAttachments: false,
    }
  }
  if (path.includes('/calendar/'))
    return {
      ...mailRow(index),
      path: `${path}/event ${String(index)} ~abcdefghij`,
      type: 'calendar',
      hasAttachments: false,
    }
  return mailRow(index, path)
}

function itemCount(path: string): number {
  return (
    Object.values(trees)
      .flat()
      .find((row) => row.path === path)?.items ?? 0
  )
}

export const plainMail: Preview = {
  kind: 'mail',
  subject: 'Minutes of the board',
  from: 'Ben Ode <ben@contoso.example>',
  to: 'ada@contoso.example',
  cc: '',
  date: newest,
  html: '<p>Hello Ada,</p><p>the <b>minutes</b> are attached. See <a href="https://contoso.example/board">the board</a>.</p>',
  text: null,
  inline: {},
  parts: [
    { part: 'attachments/1', name: 'Minutes.docx', mediaType: 'application/vnd.openxmlformats', size: 48_123 },
    { part: 'attachments/2', name: 'photo.jpg', mediaType: 'image/jpeg', size: 1_200_000 },
  ],
}

/** The answers of an engine that has one repository; tests change what they are about. */
export function repository(
  options: { readonly snapshots?: readonly SnapshotRow[]; readonly preview?: Preview } = {},
): Handlers {
  const rows = options.snapshots ?? snapshots(40)
  return { ...around(rows), ...inside(rows, options.preview ?? plainMail) }
}

function around(rows: readonly SnapshotRow[]): Handlers {
  return {
    'destinations.list': () => [
      {
        place,
        kind: 'folder',
        title: place,
        account: null,
        plans: ['Contoso'],
        unlocked: true,
        lastCheck: null,
        lastDrill: null,
      },
    ],
    'directory.types': () => [
      { kind: 'user', folder: 'mailbox', type: 'mail' },
      { kind: 'user', folder: 'calendar', type: 'calendar' },
      { kind: 'user', folder: 'onedrive', type: 'files' },
    ],
    'snapshots.list': ({ cursor }) => {
      const from = Number(cursor ?? 0)
      return { rows: rows.slice(from, from + 100), next: from + 100 < rows.length ? String(from + 100) : null }
    },
  }
}

function inside(rows: readonly SnapshotRow[], preview: Preview): Handlers {
  return {
    'browse.folders': ({ path, query }) => ({
      rows: [...(trees[path] ?? [])].filter(({ name }) => name.toLowerCase().includes(query.toLowerCase())),
      next: null,
    }),
    'browse.items': ({ path, offset, limit }) => {
      const count = itemCount(path)
      const length = Math.max(0, Math.min(limit, count - offset))
      return { count, rows: Array.from({ length }, (_none, at) => rowAt(path, offset + at)) }
    },
    'browse.search': ({ query, offset, limit }) => {
      const found = query.words === 'nothing' ? 0 : 250
      const length = Math.max(0, Math.min(limit, found - offset))
      const row = (at: number) => ({
        ...mailRow((offset + at) * 31),
        firstSnapshot: rows.at(-1)?.id ?? snapshotId(0),
        lastSnapshot: rows[0]?.id ?? snapshotId(0),
      })
      return { rows: Array.from({ length }, (_none, at) => row(at)), more: offset + length < found }
    },
    'browse.preview': () => preview,
    'browse.compare': ({ cursor }) => {
      const from = Number(cursor ?? 0)
      return {
        rows: Array.from({ length: 100 }, (_none, at) => difference(from + at)),
        next: from + 100 < 400 ? String(from + 100) : null,
        totals: { added: 100, changed: 100, moved: 100, deleted: 100 },
      }
    },
  }
}

function difference(index: number): DifferenceRow {
  const kinds = ['added', 'changed', 'moved', 'deleted'] as const
  const kind = kinds[index % kinds.length] ?? 'added'
  const { path, size } = mailRow(index)
  return { what: 'item', kind, type: 'mailbox', path, from: kind === 'moved' ? `${ada}/mailbox/Archive/x` : null, size }
}

/** Refused as the engine refuses a repository whose passphrase it does not have. */
export function lockedRefusal(): never {
  throw new Refusal('repository.wrong-passphrase', { place })
}
