import type { DriveCall } from './call.ts'
import type { StoredItem } from './state/item.ts'

/** How long a download address lives. Source: https://learn.microsoft.com/graph/api/driveitem-get-content */
const lifetimeMs = 60 * 60_000

/** What a download address holds. */
export interface DownloadTicket {
  readonly drive: string
  readonly item: string
  /** An older version, or what is there when it is asked for. */
  readonly version: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** A pre-authenticated address of an item's content. */
export function downloadAddress(call: DriveCall, item: StoredItem, version?: string): string {
  const { drive, context, now } = call
  const ticket: DownloadTicket = { drive: drive.id, item: item.id, version, expiresAt: now + lifetimeMs }
  const place = `drives/${encodeURIComponent(drive.id)}/items/${encodeURIComponent(item.id)}`
  return `${context.origin()}/_api/v2.0/${place}/download?UniqueId=${item.guid.toLowerCase()}&tempauth=${context.seal.seal(ticket)}`
}
