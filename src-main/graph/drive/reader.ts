import { EngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeReader, ItemBody, ItemDescriber, ListedItem, Root } from '../../engine/ports/data-type.ts'
import type { ErrorCode } from '../../engine/model/errors.ts'
import type { GraphClient } from '../client/types.ts'
import { driveItemId, hasContent, parentIdOf, splitItemId } from './drive-item.ts'
import { readItem, type DriveAccess } from './drive-requests.ts'
import { fileContent } from './file-content.ts'
import type { FindDrives } from './find-drives.ts'
import { fileIdentity, fileMetadata, fileProperties, fileRow, fileSize, fileText } from './file-metadata.ts'
import { noticesOf } from './notices.ts'
import { fileVersions } from './file-versions.ts'
import { permissionFaultName, withPermissions } from './shared-permissions.ts'
import { RootListings } from './root-listings.ts'

/** A content that is not what Graph says of it, although nobody changed it; it is stored as Graph gave it. */
export interface DriveNotice {
  readonly root: Root
  /** The item's id, as the reader gives it. */
  readonly id: string
  readonly code: 'content-differs'
}

export interface DriveReaderOptions {
  /** The data type's folder below the root, e.g. "onedrive". */
  readonly folder: string
  readonly drives: FindDrives
  /** Earlier versions of each file that are stored too. Default 0. */
  readonly versions?: number
  /** Told of what can only be known after a large content has been handed over; small ones carry it in their metadata. */
  readonly onNotice?: (notice: DriveNotice) => void
  /** By which the age of download addresses is told. Default: the machine's. */
  readonly clock?: Pick<Clock, 'now'>
}

/** Files as they are stored: what the catalog is rebuilt with. `folder` as in the reader's options. */
function describeDrive(folder: string): ItemDescriber {
  return {
    type: 'files',
    folder,
    layout: 'apart',
    contentExtension: '',
    mimeContent: false,
    textFrom: 'metadata',
    row: fileRow,
    identity: fileIdentity,
    listedSize: fileSize,
    notices: noticesOf,
    searchText: (metadata) => Promise.resolve(fileText(metadata)),
  }
}

export const driveDescriber = describeDrive('onedrive')

/** The files of a group: the default library of its site. */
export const groupFilesDescriber = describeDrive('files')

/** The document libraries of a site. */
export const librariesDescriber = describeDrive('libraries')

/**
 * Reads drives: of users, groups or sites, as `drives` finds them. The delta of a drive tells its folders and files at
 * once, so the listing of the containers is the only request of an unchanged run.
 * https://learn.microsoft.com/graph/api/driveitem-delta
 */
export function driveReader(client: GraphClient, options: DriveReaderOptions): DataTypeReader {
  const { clock = Date } = options
  const access = (drive: string, signal: AbortSignal, together?: string): DriveAccess => ({
    client,
    drive,
    now: () => clock.now(),
    signal,
    together,
  })
  const listings = new RootListings(access, options.drives)
  return {
    ...describeDrive(options.folder),
    containers: (root, last, signal) => listings.containers(root, last, signal),
    changes: (root, container, start, signal) => listings.changes(root, container, start, signal),
    metadata: fileMetadata,
    properties: fileProperties,
    body: (root, _container, item, signal) =>
      readBody(access(splitItemId(item.id).drive, signal), item, options, () => {
        options.onNotice?.({ root, id: item.id, code: 'content-differs' })
      }),
    item: (_root, id, signal) => readAgain(access(splitItemId(id).drive, signal), id),
    finished: (root) => listings.finished(root),
  }
}

async function readBody(
  access: DriveAccess,
  { properties, previous }: ListedItem,
  { versions = 0 }: DriveReaderOptions,
  onDiffering: () => void,
): Promise<ItemBody> {
  const fault = properties[permissionFaultName]
  if (typeof fault === 'string') throw new EngineError(fault as ErrorCode, { retry: 'later' })
  const before = previous === undefined ? undefined : fileProperties(previous)
  const body = await fileContent({ access, properties, previous: before, onDiffering })
  if (versions === 0 || !hasContent(properties)) return body
  return { ...body, ...(await fileVersions(access, body.properties ?? properties, before, versions)) }
}

async function readAgain(access: DriveAccess, id: string): ReturnType<DataTypeReader['item']> {
  const { drive, item } = splitItemId(id)
  const [properties] = await withPermissions(access, [await readItem(access, item)])
  if (properties === undefined) throw new EngineError('graph.not-found')
  return { container: parentIdOf(drive, properties) ?? driveItemId(drive, ''), properties }
}
