import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { targetEntry } from './target-listing.ts'
import type { TargetEntry, TargetListing } from './target-listing.ts'
import { copyName, nameForms } from './target-names.ts'
import { findNamed } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'

/** Numbers tried behind a name that is taken over and over. */
const mostCopies = 9_999

/** Names that something invisible may hold before it is enough. */
const mostConflicts = 20

/** Times that a creation is tried whose outcome is unknown. */
const attempts = 3

export interface Naming {
  readonly target: TargetDrive
  readonly listing: TargetListing
  /** Graph id of the folder. */
  readonly folder: string
  /** The name that it had. */
  readonly name: string
  readonly isFolder: boolean
  /** As in 2026-11-21. */
  readonly date: string
  /** Whether something that turned up under the name is what was to be created. */
  isSame(entry: TargetEntry): Promise<boolean>
}

export interface Named<T> {
  /** What `create` gave; undefined if it was there already. */
  readonly created?: T
  readonly found?: TargetEntry
  readonly name: string
  readonly remarks: readonly RestoreRemark[]
}

/**
 * Creates something under its own name, or, if that is taken or refused, under the next best: what is there is never
 * overwritten. Names that Graph knows to be taken although no listing showed them are looked at.
 */
export async function createNamed<T>(naming: Naming, create: (name: string) => Promise<T>): Promise<Named<T>> {
  const { listing } = naming
  const forms = nameForms(naming.name, naming.isFolder)
  let refusal: unknown
  let conflicts = 0
  for (let form = 0; form < forms.length;) {
    const name = freeName(naming, forms[form] ?? '')
    listing.take(name)
    try {
      const made = await createOnce(naming, name, create)
      return { ...made, name, remarks: remarksOf(naming.name, name, forms[form] ?? '') }
    } catch (error) {
      if (isEngineError(error, 'graph.conflict') && conflicts < mostConflicts) conflicts += 1
      else {
        listing.release(name)
        if (!isNameRefusal(error)) throw error
        refusal ??= error
        form += 1
      }
    }
  }
  throw refusal
}

/** The name itself, or the first copy's name that is free. */
function freeName({ listing, date, isFolder }: Naming, name: string): string {
  let free = name
  for (let number = 1; listing.isTaken(free) && number <= mostCopies; number += 1) {
    free = copyName(name, date, number, isFolder)
  }
  return free
}

/** Creates it once, even if an answer gets lost: before another attempt, and where the name is taken, it is looked at. */
async function createOnce<T>(
  naming: Naming,
  name: string,
  create: (name: string) => Promise<T>,
): Promise<Pick<Named<T>, 'created' | 'found'>> {
  for (let left = attempts; ; left -= 1) {
    try {
      return { created: await create(name) }
    } catch (error) {
      const isConflict = isEngineError(error, 'graph.conflict')
      if (!isConflict && !hasUnknownOutcome(error)) throw error
      const item = await findNamed(naming.target, naming.folder, name)
      const found = item === undefined ? undefined : await sameEntry(naming, item)
      if (found !== undefined) return { found }
      if (isConflict || item !== undefined || left <= 1) throw error
    }
  }
}

async function sameEntry(naming: Naming, item: JsonObject): Promise<TargetEntry | undefined> {
  const entry = targetEntry(item)
  return (await naming.isSame(entry)) ? entry : undefined
}

/** Graph does not take such a name, or not at the end of such a path. */
function isNameRefusal(error: unknown): boolean {
  if (!isEngineError(error, 'graph.request-refused') || error.context.phase === 'content') return false
  return error.context.status === 400 || error.context.status === 414
}

function remarksOf(wanted: string, name: string, form: string): readonly RestoreRemark[] {
  const changed = form === wanted ? [] : [{ code: 'name-changed' }]
  return name === form ? changed : [...changed, { code: 'name-taken' }]
}
