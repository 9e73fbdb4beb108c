import type { Container } from '../../engine/ports/data-type.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { propertiesOf } from '../item/metadata.ts'
import type { ListedDrive } from './drive-listing.ts'
import type { DriveAccess } from './drive-requests.ts'
import { noticesName, noticesOf } from './notices.ts'
import { isShared, permissionFaultName, withPermissions } from './shared-permissions.ts'

/** Folders whose permissions are asked for together. */
const foldersAtOnce = 100

export interface FolderPermissions {
  readonly folders: readonly Container[]
  /** Folders to ask again in the next run. */
  readonly pending: readonly string[]
}

/**
 * The folders of a listing, those that are shared with their permissions: asked for where the listing told of the folder
 * or the last run failed, otherwise as known. What cannot be read now stays as it was.
 */
export async function readFolderPermissions(
  access: DriveAccess,
  { folders, touched }: ListedDrive,
  known: readonly Container[],
  pendingBefore: readonly string[],
): Promise<FolderPermissions> {
  const again = new Set(pendingBefore)
  const asked = folders.filter(({ id, properties }) => {
    return (touched.has(id) || again.has(id)) && isShared(propertiesOf(properties))
  })
  const before = new Map(known.map((folder) => [folder.id, folder]))
  const completed = new Map<string, Container>()
  const pending: string[] = []
  for (let from = 0; from < asked.length; from += foldersAtOnce) {
    const some = asked.slice(from, from + foldersAtOnce)
    const answers = await withPermissions(
      access,
      some.map(({ properties }) => propertiesOf(properties)),
    )
    for (const [index, folder] of some.entries()) {
      const answer = answers[index] ?? {}
      if (permissionFaultName in answer) pending.push(folder.id)
      completed.set(folder.id, withAnswer(folder, answer, before.get(folder.id)))
    }
  }
  return { folders: folders.map((folder) => completed.get(folder.id) ?? folder), pending }
}

function withAnswer(folder: Container, answer: JsonObject, before: Container | undefined): Container {
  const { [permissionFaultName]: fault, [noticesName]: _notices, ...properties } = answer
  const old = propertiesOf(before?.properties ?? {}).permissions
  const permissions = fault === undefined ? properties.permissions : old
  const notices = noticesOf(answer)
  return {
    ...folder,
    properties: {
      ...folder.properties,
      properties: { ...properties, ...(permissions === undefined ? {} : { permissions }) },
      ...(notices.length === 0 ? {} : { [noticesName]: notices }),
    },
  }
}
