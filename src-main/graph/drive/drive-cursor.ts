import type { ContainerListing } from '../../engine/ports/data-type.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import type { GroupFiles } from './find-drives.ts'

/** What is remembered of a drive between two listings, beside its folders. */
export interface DriveCursor {
  readonly driveId: string
  readonly deltaLink: string
  /** Folders whose permissions could not be read: they are asked for again, as no delta tells of them. */
  readonly pending: readonly string[]
}

const version = 1

export function writeCursor(drives: readonly DriveCursor[], groupFiles: GroupFiles = {}): string {
  return JSON.stringify({ v: version, drives, ...(Object.keys(groupFiles).length === 0 ? {} : { groupFiles }) })
}

/** Which drives were found to be the files of groups. */
export function readGroupFiles(last: ContainerListing | undefined): GroupFiles {
  const value = last?.cursor === undefined ? undefined : parse(last.cursor)
  const entries = Object.entries(isObject(value) ? (record(value, 'groupFiles') ?? {}) : {})
  return Object.fromEntries(entries.flatMap(([group, drive]) => (typeof drive === 'string' ? [[group, drive]] : [])))
}

/** Undefined for one that is not ours: then everything is listed. */
export function readCursor(last: ContainerListing | undefined): readonly DriveCursor[] | undefined {
  if (last?.cursor === undefined) return undefined
  const value = parse(last.cursor)
  if (!isObject(value) || value.v !== version) return undefined
  const drives = (list(value, 'drives') ?? []).filter(isObject).flatMap((drive): readonly DriveCursor[] => {
    const [driveId, deltaLink] = [text(drive, 'driveId'), text(drive, 'deltaLink')]
    if (driveId === undefined || deltaLink === undefined) return []
    const pending = (list(drive, 'pending') ?? []).filter((id) => typeof id === 'string')
    return [{ driveId, deltaLink, pending }]
  })
  return drives.length === 0 ? undefined : drives
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
