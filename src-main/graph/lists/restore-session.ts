import { EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Root } from '../../engine/ports/data-type.ts'
import type { RestoreOptions, RestoreRemark, TargetContainer } from '../../engine/ports/restore-target.ts'
import type { GraphClient } from '../client/types.ts'
import type { Column } from './columns.ts'
import type { ExistingItems } from './existing-items.ts'
import type { OpenLookup } from './item-fields.ts'
import type { SharePointAccess } from './share-point.ts'
import type { TargetColumns } from './target-columns.ts'
import type { TargetLists } from './target-lists.ts'
import type { TargetList } from './target-lists.ts'
import type { TargetPeople } from './target-people.ts'
import type { Site } from './site.ts'

/** A value that is put in at the end, when the items that it refers to are there. */
export interface LaterValue {
  readonly list: RestoredList
  /** Graph id of the item in the target. */
  readonly item: string
  readonly open: OpenLookup
}

/** One restore into the lists of one site. */
export interface ListsSession {
  readonly client: GraphClient
  readonly root: Root
  readonly options: RestoreOptions
  readonly sharePoint: SharePointAccess | undefined
  readonly lists: TargetLists
  readonly people: TargetPeople
  /** Name of the target folder; undefined for "/": every list goes where it was. */
  readonly label: string | undefined
  /** By the id of the stored list. */
  readonly restored: Map<string, Promise<RestoredList>>
  /** Those that are open by now, by the id of the stored list. */
  readonly opened: Map<string, RestoredList>
  readonly later: LaterValue[]
}

/** A list that something is restored into. */
export interface RestoredList {
  /** Graph id of the stored list. */
  readonly source: string
  /** Address of the stored list in the browser. */
  readonly webUrl: string
  /** The stored columns that have values. */
  readonly columns: readonly Column[]
  readonly target: TargetList
  /** Undefined in a dry run, where the list would have been created. */
  readonly mapping: TargetColumns | undefined
  /** Undefined where nothing is looked for. */
  existing: Promise<ExistingItems> | undefined
  /** By the number of the stored item: the number that it has in the target. */
  readonly numbers: Map<number, number>
  /** Names of fields whose values Graph refused. */
  readonly refused: Set<string>
  /** Items that are alike are restored one after the other. */
  readonly busy: Map<string, Promise<unknown>>
  /** What is said of the list itself, at the end. */
  readonly remarks: RestoreRemark[]
  /** Something was created in it. */
  isFilled: boolean
}

/** A container of the target, with the restore that it belongs to. */
export interface ListsTarget extends TargetContainer {
  readonly session: ListsSession
  /** Undefined for the place of all lists. */
  readonly list: RestoredList | undefined
  /** Why nothing of the list is restored. */
  readonly skipped?: string
}

export function asListsTarget(target: TargetContainer): ListsTarget {
  // Nobody else makes targets with both.
  if ('session' in target && 'list' in target) return target as ListsTarget
  throw new EngineError('internal', { context: { reason: 'foreign-target' } })
}

export function siteOf({ client, root }: ListsSession, signal: AbortSignal): Site {
  return { client, root, signal }
}

/** Each kind of remark is made once of a list. */
export function remarkOnce({ remarks }: RestoredList, code: string, detail?: string): void {
  if (remarks.some((remark) => remark.code === code && remark.detail === detail)) return
  remarks.push({ code, ...(detail === undefined ? {} : { detail }) })
}

/** Names that a list has in the snapshot and may have in the target. */
export function nameOf(metadata: JsonObject, otherwise: string): string {
  const name = metadata['o365:Name']
  return typeof name === 'string' && name !== '' ? name : otherwise
}
