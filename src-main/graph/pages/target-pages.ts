import { nameKey } from '../../../src-shared/model/safe-name.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, text } from '../item/fields.ts'
import { contentKey } from './page-content.ts'
import { beginListing, listedPages, readPage, type PageSite } from './page-listing.ts'

/** A page of the target that was there before. */
export interface TargetPage {
  /** Graph id. */
  readonly id: string
  readonly name: string
}

/** The pages of the site that is restored to, each of which may stand for one stored page. */
export class TargetPages {
  readonly #unclaimed = new Map<string, TargetPage>()
  readonly #known = new Set<string>()
  readonly #taken = new Set<string>()

  /** Undefined if the site cannot have pages. Rejects with graph.root-gone. */
  static async load(site: PageSite): Promise<TargetPages | undefined> {
    const listing = await beginListing(site)
    if (listing === undefined) return undefined
    const pages = new TargetPages()
    for await (const some of listedPages(listing)) for (const page of some) pages.#add(page)
    return pages
  }

  #add(page: JsonObject): void {
    const [id, name] = [filledText(page, 'id'), text(page, 'name') ?? '']
    if (id === undefined) return
    this.#known.add(id)
    this.#unclaimed.set(id, { id, name })
    this.#taken.add(nameKey(name))
  }

  /** The page that shows the same under this name, or under that of a copy which a restore made; it is claimed by that. */
  async findSame(site: PageSite, name: string, key: string): Promise<TargetPage | undefined> {
    const candidates = [...this.#unclaimed.values()].filter(
      (page) => nameKey(originalName(page.name)) === nameKey(name),
    )
    for (const page of candidates) {
      const isSame = contentKey(await readPage(site, page.id)) === key
      // Another item may have claimed it meanwhile.
      if (isSame && this.#unclaimed.delete(page.id)) return page
    }
    return undefined
  }

  /** A page of the name that came into being during the restore, showing the same. */
  async findMade(site: PageSite, name: string, key: string): Promise<string | undefined> {
    const listing = await beginListing(site)
    if (listing === undefined) return undefined
    for await (const some of listedPages(listing)) {
      for (const page of some) {
        const id = filledText(page, 'id')
        if (id === undefined || this.#known.has(id) || nameKey(text(page, 'name') ?? '') !== nameKey(name)) continue
        if (contentKey(await readPage(site, id)) === key) return id
      }
    }
    return undefined
  }

  isTaken(name: string): boolean {
    return this.#taken.has(nameKey(name))
  }

  /** The name itself, or the first copy's name that is free; it is taken from now on. */
  takeName(name: string): string {
    let free = name
    for (let number = 1; this.isTaken(free); number += 1) free = copyName(name, number)
    this.#taken.add(nameKey(free))
    return free
  }

  /** The page was made by the restore itself. */
  made(id: string): void {
    this.#known.add(id)
  }
}

function copyName(name: string, number: number): string {
  const stem = name.replace(/\.aspx$/i, '')
  return `${stem} (restored${number === 1 ? '' : ` ${number}`}).aspx`
}

function originalName(name: string): string {
  return name.replace(/ \(restored(?: \d{1,4})?\)(?=\.aspx$)/i, '')
}
