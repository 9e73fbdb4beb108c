import type { Drive } from './drive.ts'
import type { StoredItem } from './item.ts'
import { effectivePermissions } from './sharing.ts'

/** An item as a test compares it. Times in ISO 8601. */
export interface DumpedItem {
  readonly path: string
  readonly kind: StoredItem['kind']
  readonly size: number
  readonly quickXorHash: string | undefined
  readonly createdDateTime: string
  readonly lastModifiedDateTime: string
  readonly description: string | undefined
  /** Own and inherited ones without the owner's: `write user megan@contoso.example`, `read link view anonymous`. */
  readonly permissions: readonly string[]
  /** Hashes of older contents, oldest first. */
  readonly versions: readonly string[]
}

export function dumpDrive(drive: Drive): DumpedItem[] {
  return [...inOrder(drive.root)].map((item) => ({
    path: item.path(),
    kind: item.kind,
    size: item.size,
    quickXorHash: item.content?.quickXorHash(),
    createdDateTime: new Date(item.times.createdAt).toISOString(),
    lastModifiedDateTime: new Date(item.times.modifiedAt).toISOString(),
    description: item.description,
    permissions: permissionLines(drive, item),
    versions: item.history.map(({ content }) => content.quickXorHash()),
  }))
}

function* inOrder(folder: StoredItem): Generator<StoredItem> {
  for (const child of folder.sortedChildren()) {
    yield child
    yield* inOrder(child)
  }
}

function permissionLines(drive: Drive, item: StoredItem): string[] {
  return effectivePermissions(drive, item)
    .filter(({ permission }) => !permission.roles.includes('owner'))
    .map(({ permission: { roles, link, grantedTo, grantedToIdentities }, from }) => {
      const who = [grantedTo, ...grantedToIdentities].flatMap((one) => {
        const identity = one?.user ?? one?.group ?? one?.siteGroup
        return identity === undefined ? [] : [identity.email ?? identity.displayName]
      })
      const shape = link === undefined ? [] : ['link', link.type, link.scope]
      return [...roles, ...shape, ...who, ...(from === undefined ? [] : ['(inherited)'])].join(' ')
    })
    .toSorted()
}
