import { librariesPermissions } from '../../graph/drive/permissions.ts'
import { driveReader, librariesDescriber } from '../../graph/drive/reader.ts'
import { driveRestorer } from '../../graph/drive/restorer.ts'
import { siteDrives } from '../../graph/drive/site-drives.ts'
import { siteDriveId, siteLibraries } from '../../graph/drive/site-libraries.ts'
import { listsPermissions } from '../../graph/lists/permissions.ts'
import { listsDescriber, listsReader } from '../../graph/lists/reader.ts'
import { listsRestorer } from '../../graph/lists/restorer.ts'
import { pagePermissions } from '../../graph/pages/permissions.ts'
import { pagesDescriber, pagesReader } from '../../graph/pages/reader.ts'
import { pagesRestorer } from '../../graph/pages/restorer.ts'
import { sitePermissions } from '../../graph/site/permissions.ts'
import { siteDescriber, siteReader } from '../../graph/site/reader.ts'
import { siteRestorer } from '../../graph/site/restorer.ts'
import type { DataType } from './data-type.ts'

/** What is read of sites, in the order in which it is restored: pages show what libraries and lists hold. */
export const siteDataTypes: readonly DataType[] = [
  {
    describer: siteDescriber,
    permissions: sitePermissions,
    reader: ({ client, hasGroup = () => false }) => siteReader(client, { hasGroup }),
    restorer: ({ client }) => siteRestorer(client),
  },
  {
    describer: librariesDescriber,
    permissions: librariesPermissions,
    reader: ({ client, fileVersions, hasGroup = () => false }) =>
      driveReader(client, {
        folder: librariesDescriber.folder,
        drives: siteDrives(client, { hasGroup }),
        versions: fileVersions,
      }),
    restorer: ({ client, clock }) =>
      driveRestorer(
        client,
        { folder: librariesDescriber.folder, drive: siteDriveId(client), library: siteLibraries(client) },
        clock,
      ),
  },
  {
    describer: listsDescriber,
    permissions: listsPermissions,
    reader: ({ client, sharePoint }) => listsReader(client, { sharePoint }),
    restorer: ({ client, sharePoint }) => listsRestorer(client, { sharePoint }),
  },
  {
    describer: pagesDescriber,
    permissions: pagePermissions,
    reader: ({ client }) => pagesReader(client),
    restorer: ({ client }) => pagesRestorer(client),
  },
]
