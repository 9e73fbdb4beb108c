import { isEngineError } from '../../engine/model/errors.ts'
import type { RestoreItem, RestoreRemark, StoredFile } from '../../engine/ports/restore-target.ts'
import { propertiesOf } from '../item/metadata.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { endpointOf, isRefusedSignIn, namedFiles } from './item-files.ts'
import { hasFiles } from './list-item.ts'
import type { ListsSession, RestoredList } from './restore-session.ts'
import type { SharePointFiles, SharePointItem } from './share-point.ts'
import { siteOf } from './restore-session.ts'
import { webUrlOf } from './site.ts'

/** Times that a file is attached whose attaching has an unknown outcome. */
const attempts = 3

/** Attaches the files of an item that it does not have yet. `mayHaveSome`: it was there before. */
export async function restoreFiles(
  session: ListsSession,
  list: RestoredList,
  id: string,
  item: RestoreItem,
  signal: AbortSignal,
  mayHaveSome: boolean,
): Promise<readonly RestoreRemark[]> {
  const properties = propertiesOf(item.metadata)
  if (!hasFiles(properties)) return []
  const wanted = namedFiles(properties)
  const webUrl = await webUrlOf(siteOf(session, signal))
  const endpoint = endpointOf(session.sharePoint, webUrl)
  if (endpoint === undefined) return [{ code: 'attachments-need-sharepoint' }]
  if (wanted.length === 0) return [{ code: 'attachment-not-stored' }]
  const place = { webUrl, list: list.target.id ?? '', item: id }
  try {
    const there = new Set(mayHaveSome ? await endpoint.list(place, signal) : [])
    const remarks: RestoreRemark[] = []
    for (const { file, part } of wanted) {
      if (there.has(file)) continue
      const stored = item.parts.find(({ name }) => name === part)
      if (stored === undefined) remarks.push({ code: 'attachment-not-stored' })
      else if (!(await attach(endpoint, place, file, stored, signal))) remarks.push({ code: 'attachment-refused' })
    }
    return remarks
  } catch (error) {
    if (isRefusedSignIn(error)) return [{ code: 'attachments-need-sharepoint' }]
    throw error
  }
}

/** False if SharePoint does not want it. */
async function attach(
  endpoint: SharePointFiles,
  place: SharePointItem,
  name: string,
  stored: StoredFile,
  signal: AbortSignal,
): Promise<boolean> {
  const bytes = await stored.bytes(signal)
  for (let left = attempts; ; left -= 1) {
    try {
      await endpoint.add(place, name, bytes, signal)
      return true
    } catch (error) {
      if (isEngineError(error, 'graph.request-refused')) return false
      if (!hasUnknownOutcome(error)) throw error
      if ((await endpoint.list(place, signal)).includes(name)) return true
      if (left <= 1) throw error
    }
  }
}
