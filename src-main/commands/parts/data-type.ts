import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeReader, ItemDescriber } from '../../engine/ports/data-type.ts'
import type { DataTypeRestorer } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../../graph/client/types.ts'
import type { ChannelLedger } from '../../graph/teams/restore-ledger.ts'
import type { SharePointAccess } from '../../graph/lists/share-point.ts'
import type { SignedIn } from '../../graph/calendar/calendar-owner.ts'
import type { TypePermissions } from '../../graph/item/permissions.ts'
import type { OwnRepository } from './own-repository.ts'

/** What readers need beside their own kind. */
export interface ReaderParts {
  readonly client: GraphClient
  /** Default: an application. */
  readonly signedIn?: SignedIn | undefined
  /** Earlier versions of each file to keep. */
  readonly fileVersions: number
  /** Whether the files of a group are read by this run, through the group: its site leaves them out. Default: none. */
  readonly hasGroup?: (id: string) => boolean
  /** SharePoint's own endpoints, if the sign-in can have a token for them. */
  readonly sharePoint?: SharePointAccess | undefined
  /** The repository, where it is in a drive. */
  readonly repository?: OwnRepository | undefined
}

/** What restorers need beside their own kind. */
export interface RestoreParts {
  readonly client: GraphClient
  /** Default: an application. */
  readonly signedIn?: SignedIn | undefined
  readonly clock: Clock
  /** Graph id of the group that takes plans which have to be made. */
  readonly planGroup?: string | undefined
  /** Where channels of Teams that are in migration mode are noted. */
  readonly ledger: ChannelLedger
  /** The tenant as the sign-in names it. */
  readonly tenant: string
  /** SharePoint's own endpoints, if the sign-in can have a token for them. */
  readonly sharePoint?: SharePointAccess | undefined
}

/** A data type of one kind of root that is backed up and restored. */
export interface DataType<Word extends string = string> {
  /** The word of --office365-included-user-types or -group-types that it belongs to; without one it is always read. */
  readonly word?: Word
  readonly describer: ItemDescriber
  readonly permissions: TypePermissions
  readonly reader: (parts: ReaderParts) => DataTypeReader
  readonly restorer: (parts: RestoreParts) => DataTypeRestorer
}
