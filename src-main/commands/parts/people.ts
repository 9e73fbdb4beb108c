import { isEngineError } from '../../engine/index.ts'
import type { Root, RootLister } from '../../engine/ports/data-type.ts'
import type { PersonMap } from '../../engine/ports/restore-target.ts'
import { UsageError } from './usage-error.ts'

/** Somebody of the target tenant. */
interface Person {
  readonly id: string
  readonly address: string
}

export interface PeopleOptions {
  /** Whose data is restored, and where it goes, if these are users: the one stands for the other. */
  readonly owner: { readonly from: string; readonly to: Root } | undefined
  /** By name, address or id in the source, in lower case: name, address or id in the target. */
  readonly named: ReadonlyMap<string, string>
  /** In the same tenant everybody is who they were. */
  readonly isSameTenant: boolean
}

/** Looks the named people up in the target, once. Throws UsageError for one that is not there. */
export async function findPeople(
  users: RootLister,
  { owner, named, isSameTenant }: PeopleOptions,
  signal: AbortSignal,
): Promise<PersonMap> {
  const known = new Map<string, Person>()
  if (owner !== undefined) known.set(owner.from.toLowerCase(), personOf(owner.to))
  for (const [from, to] of named) known.set(from, await findPerson(users, to, signal))
  return ({ id, address }) => {
    const found = [id, address].map((name) => (name === undefined ? undefined : known.get(name.toLowerCase())))
    const person = found.find((one) => one !== undefined)
    if (person !== undefined || !isSameTenant) return person
    const self = id ?? address
    return self === undefined ? undefined : { id: self, address: address ?? self }
  }
}

async function findPerson(users: RootLister, name: string, signal: AbortSignal): Promise<Person> {
  try {
    return personOf(await users.root(name, signal))
  } catch (error) {
    if (!isEngineError(error, 'restore.target-not-found')) throw error
    throw new UsageError(`--map-user: the target tenant has no user "${name}".`, { cause: error })
  }
}

function personOf({ id, name }: Root): Person {
  return { id, address: name }
}
