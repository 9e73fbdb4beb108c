import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreOptions } from '../../engine/ports/restore-target.ts'
import { endpointOf, isRefusedSignIn } from './item-files.ts'
import { readPeople } from './people.ts'
import type { SitePerson } from './people.ts'
import type { StoredPerson } from './references.ts'
import type { SharePointAccess, SharePointFiles } from './share-point.ts'
import { webUrlOf } from './site.ts'
import type { Site } from './site.ts'

/** What became of a person: their number in the target site, or why they have none. */
export type MappedPerson = { readonly id: number } | { readonly missing: 'person-unmapped' | 'person-not-in-site' }

/**
 * Finds stored persons among those whom the target site knows: its User Information List, read once. Who is not in it is
 * entered through SharePoint's own endpoint where there is a token for it; Graph cannot do that.
 */
export class TargetPeople {
  readonly #people: RestoreOptions['people']
  readonly #dryRun: boolean
  readonly #access: SharePointAccess | undefined
  readonly #lists: () => readonly JsonObject[]
  #known: Promise<readonly SitePerson[]> | undefined
  readonly #mapped = new Map<string, Promise<MappedPerson>>()
  #refused = false

  constructor(
    { people, dryRun }: RestoreOptions,
    access: SharePointAccess | undefined,
    lists: () => readonly JsonObject[],
  ) {
    this.#people = people
    this.#dryRun = dryRun
    this.#access = access
    this.#lists = lists
  }

  map(site: Site, person: StoredPerson): Promise<MappedPerson> {
    const key = (person.account ?? person.email ?? person.name ?? String(person.id)).toLowerCase()
    const before = this.#mapped.get(key)
    if (before !== undefined) return before
    const mapping = this.#find(site, person)
    mapping.catch(() => this.#mapped.delete(key))
    this.#mapped.set(key, mapping)
    return mapping
  }

  async #find(site: Site, person: StoredPerson): Promise<MappedPerson> {
    const known = await this.#load(site)
    if (person.email === undefined) return sameGroup(known, person)
    const counterpart = this.#people({ address: person.email })
    if (counterpart === undefined) return { missing: 'person-unmapped' }
    const address = counterpart.address.toLowerCase()
    const isSame = address === person.email.toLowerCase()
    const own = isSame ? known.find(({ account }) => account !== undefined && account === person.account) : undefined
    const found = own ?? known.find((entry) => isAt(entry, address))
    if (found !== undefined) return { id: found.id }
    const account = (isSame ? person.account : undefined) ?? `i:0#.f|membership|${address}`
    const entered = await this.#enter(site, account)
    return entered === undefined ? { missing: 'person-not-in-site' } : { id: entered }
  }

  #load(site: Site): Promise<readonly SitePerson[]> {
    const load = async (): Promise<readonly SitePerson[]> => [...(await readPeople(site, this.#lists())).values()]
    this.#known ??= load()
    this.#known.catch(() => (this.#known = undefined))
    return this.#known
  }

  async #enter(site: Site, account: string): Promise<number | undefined> {
    if (this.#access === undefined || this.#refused) return undefined
    const webUrl = await webUrlOf(site)
    const endpoint: SharePointFiles | undefined = endpointOf(this.#access, webUrl)
    if (endpoint === undefined) return undefined
    // Whether SharePoint would take the account is not to be found out without entering it.
    if (this.#dryRun) return 0
    try {
      return await endpoint.person(webUrl, account, site.signal)
    } catch (error) {
      if (!isRefusedSignIn(error)) throw error
      this.#refused = true
      return undefined
    }
  }
}

function isAt({ email, account }: SitePerson, address: string): boolean {
  return email?.toLowerCase() === address || account?.toLowerCase().endsWith(`|${address}`) === true
}

/** Groups have no address: the one of the same account, or the only one of the same name. */
function sameGroup(known: readonly SitePerson[], { account, name }: StoredPerson): MappedPerson {
  const byAccount = known.find((entry) => entry.account !== undefined && entry.account === account)
  const byName = known.filter((entry) => entry.email === undefined && entry.name !== '' && entry.name === name)
  const found = byAccount ?? (byName.length === 1 ? byName[0] : undefined)
  return found === undefined ? { missing: 'person-unmapped' } : { id: found.id }
}
