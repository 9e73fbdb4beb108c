import type { ParamsOf } from '../../../src-shared/ipc/contract.ts'
import { parseGraphDestination, shownPlace } from '../../destinations/graph-drive/urls.ts'
import type { DrivePlace } from '../../destinations/graph-drive/place.ts'
import { UsageError } from '../../commands/parts/usage-error.ts'
import { joined } from '../destinations/known-places.ts'

type Picked = ParamsOf<'directory.place'>

/** What a snapshot's folder has behind a part of a site's address that is called like a data type. */
const marked = / ~[a-z2-7]{10}$/

/** The address of what was picked, and what to call it. Throws `usage` for names that drives do not take. */
export function placeAddress(picked: Picked): { readonly place: string; readonly title: string } {
  const shown = shownPlace(drivePlace(picked))
  const place = `${shown}${shown.includes('?') ? '&' : '?'}authid=${picked.account}`
  parseGraphDestination(place)
  return { place, title: titleOf(picked) }
}

function drivePlace({ kind, root, drive, folders }: Picked): DrivePlace {
  switch (kind) {
    case 'onedrive':
      if (drive !== null) return { kind, driveId: drive.id, folder: folders }
      return { kind, ...(root === null ? {} : { user: root.name }), folder: folders }
    case 'group':
      if (root === null) throw new UsageError('No group was chosen for the destination: choose one.')
      return { kind, groupId: root.id, folder: folders }
    case 'sharepoint': {
      if (root === null || drive === null)
        throw new UsageError('No library was chosen for the destination: choose one.')
      const [host = '', ...site] = root.name.split('/').map((part) => part.replace(marked, ''))
      return { kind, host, path: [...site, drive.name, ...folders], driveId: drive.id }
    }
  }
}

function titleOf({ kind, root, drive, folders }: Picked): string {
  if (kind === 'sharepoint')
    return joined(folders, [root?.title, drive?.name].filter((name) => name !== '').join(' / '))
  return joined(folders, root?.title ?? (drive === null || drive.owner === '' ? drive?.name : drive.owner))
}
