import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, Part } from '../../engine/ports/data-type.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, list, text } from '../item/fields.ts'
import { partNames } from '../item/names.ts'
import type { DriveAccess } from './drive-requests.ts'
import { withNotice } from './notices.ts'
import { rangeFrom, resumedDownload } from './resumed-download.ts'
import { cost, drivePool } from './target-requests.ts'

/** Up to this many bytes a version is read in one piece. */
const wholeBytes = 8 * 1024 * 1024

const passing: ReadonlySet<string> = new Set(['graph.not-found', 'graph.forbidden', 'graph.request-refused'])

export interface FileVersions {
  /** The properties with the list of `versions`, newest first. */
  readonly properties: JsonObject
  readonly parts: readonly Part[]
}

/**
 * The newest `count` earlier versions of a file: its list of versions without the first, which is the file itself.
 * https://learn.microsoft.com/graph/api/driveitem-list-versions
 */
export async function fileVersions(
  access: DriveAccess,
  properties: JsonObject,
  previous: JsonObject | undefined,
  count: number,
): Promise<FileVersions> {
  const item = text(properties, 'id') ?? ''
  let versions: readonly JsonObject[]
  try {
    versions = await listVersions(access, item, count)
  } catch (error) {
    // Not every library keeps versions.
    if (!isEngineError(error) || !passing.has(error.code)) throw error
    return { properties: withNotice(properties, 'versions-unread'), parts: [] }
  }
  const names = versionNames(versions, text(properties, 'name') ?? '')
  const before = new Set(versionsOf(previous ?? {}).map(versionKey))
  const parts = versions.map((version, index): Part => {
    const name = names[index] ?? ''
    const open = (signal: AbortSignal): Promise<Content> => openVersion({ ...access, signal }, item, version)
    return before.has(versionKey(version)) ? { name, unchanged: true, open } : { name, open }
  })
  return { properties: { ...properties, versions: [...versions] }, parts }
}

async function listVersions(access: DriveAccess, item: string, count: number): Promise<readonly JsonObject[]> {
  const { client, drive, signal } = access
  const path = graphPath`/drives/${drive}/items/${item}/versions`
  const found: JsonObject[] = []
  for await (const page of client.pages<JsonObject>({ path, pool: drivePool, cost: cost.list, signal })) {
    found.push(...page.value)
    if (found.length > count) break
  }
  return found.slice(1, count + 1).map(withoutAnnotations)
}

/** Download addresses in particular are not stored. */
function withoutAnnotations(version: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(version).filter(([name]) => !name.includes('@')))
}

function versionsOf(properties: JsonObject): readonly JsonObject[] {
  return (list(properties, 'versions') ?? []).filter(isObject)
}

function versionKey(version: JsonObject): string {
  return JSON.stringify([version.id ?? null, version.lastModifiedDateTime ?? null, version.size ?? null])
}

/** `<version> <yyyy-mm-ddThh.mm.ssZ>` and the file's extension. */
function versionNames(versions: readonly JsonObject[], file: string): readonly string[] {
  const extension = /\.[^.]{1,20}$/u.exec(file)?.[0] ?? ''
  const names = versions.map((version) => {
    const when = (text(version, 'lastModifiedDateTime') ?? '').replaceAll(':', '.')
    return `${text(version, 'id') ?? ''} ${when}${extension}`
  })
  return partNames(names)
}

async function openVersion(access: DriveAccess, item: string, version: JsonObject): Promise<Content> {
  const { client, drive, signal } = access
  const path = graphPath`/drives/${drive}/items/${item}/versions/${text(version, 'id') ?? ''}/content`
  const request = { path, pool: drivePool, cost: cost.item, signal }
  if (typeof version.size === 'number' && version.size <= wholeBytes) return await client.bytes(request)
  // A version does not change any more, so there is nothing to look at again after a break.
  return resumedDownload({
    open: (from) => client.stream({ ...request, headers: rangeFrom(from) }),
    recheck: () => Promise.resolve(),
  })
}
