import type { ParamsOf } from '../../../../src-shared/ipc/index.ts'
import { rootedPath } from '../browse/snapshot-path.ts'

export type ExportFormat = ParamsOf<'export.start'>['format']

/** Types that a format knows; null: every type. */
const typesOf: Readonly<Record<ExportFormat, readonly string[] | null>> = {
  eml: ['user/mailbox'],
  mbox: ['user/mailbox'],
  ics: ['user/calendar', 'group/calendar'],
  vcf: ['user/contacts'],
  html: ['user/chats', 'group/teams', 'group/mailbox'],
  files: ['user/onedrive', 'group/files', 'site/libraries'],
  csv: [
    ...['user/calendar', 'user/contacts', 'user/tasks', 'user/notes', 'user/planner', 'user/chats', 'user/profile'],
    ...['user/mailbox-settings', 'group/group', 'group/mailbox', 'group/calendar', 'group/planner', 'group/teams'],
    ...['group/notes', 'site/site', 'site/lists', 'site/pages'],
  ],
  zip: null,
}

/** In the order in which they are offered. */
const order: readonly ExportFormat[] = ['eml', 'mbox', 'ics', 'vcf', 'html', 'files', 'csv', 'zip']

export interface FittingFormat {
  readonly format: ExportFormat
  /** Whether it takes all that is selected. */
  readonly whole: boolean
}

/** The formats in which something of the selection can be said. */
export function fittingFormats(paths: readonly string[]): readonly FittingFormat[] {
  const types = new Set(paths.map(typeOrAll))
  return order.flatMap((format) => {
    const known = typesOf[format]
    if (known === null) return [{ format, whole: true }]
    const taken = [...types].filter((type) => type === null || known.includes(type))
    return taken.length === 0 ? [] : [{ format, whole: taken.length === types.size && !types.has(null) }]
  })
}

/** Null: a whole root or more, so there may be anything in it. */
function typeOrAll(path: string): string | null {
  const rooted = rootedPath(path)
  return rooted?.type === undefined ? null : `${rooted.kind}/${rooted.type}`
}
