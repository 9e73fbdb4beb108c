import type { JsonObject } from '../../engine/model/json.ts'
import { text, time } from '../item/fields.ts'
import type { Notes } from './notes-access.ts'
import { listPages } from './page-listing.ts'

/** Behind the title of a page whose files are not all there yet. */
export const unfinishedMark = ' (restore not finished)'

/** What a page is known by: title and time of creation, which a restore keeps. */
export interface PageKey {
  readonly title: string
  /** ISO 8601; empty if unknown. */
  readonly created: string
}

/**
 * The pages of a target section. A page that was there before the restore stands for one stored page of the same title
 * and time of creation. OneNote has no hidden place in its listings for a mark of where a page came from.
 */
export class SectionPages {
  readonly #known = new Set<string>()
  readonly #unmet = new Map<string, number>()
  readonly #unfinished = new Map<string, string[]>()

  async load(notes: Notes, section: string): Promise<this> {
    for await (const page of eachPage(notes, section)) {
      const id = text(page, 'id') ?? ''
      const title = text(page, 'title') ?? ''
      this.#known.add(id)
      const created = text(page, 'createdDateTime') ?? ''
      if (title.endsWith(unfinishedMark)) {
        const key = keyOf({ title: title.slice(0, -unfinishedMark.length), created })
        this.#unfinished.set(key, [...(this.#unfinished.get(key) ?? []), id])
      } else {
        const key = keyOf({ title, created })
        this.#unmet.set(key, (this.#unmet.get(key) ?? 0) + 1)
      }
    }
    return this
  }

  /** Whether a page that was there stands for this one; from then on it stands for no other. */
  meet(page: PageKey): boolean {
    const key = keyOf(page)
    const left = this.#unmet.get(key) ?? 0
    if (left > 0) this.#unmet.set(key, left - 1)
    return left > 0
  }

  /** A page that an interrupted restore began for this one; given once. */
  takeUnfinished(page: PageKey): string | undefined {
    return this.#unfinished.get(keyOf(page))?.pop()
  }

  created(id: string): void {
    this.#known.add(id)
  }

  /** The page that a request made whose answer got lost. */
  async findUnknown(notes: Notes, section: string, page: PageKey): Promise<string | undefined> {
    const wanted = keyOf(page)
    for await (const found of eachPage(notes, section)) {
      const id = text(found, 'id') ?? ''
      const key = keyOf({ title: text(found, 'title') ?? '', created: text(found, 'createdDateTime') ?? '' })
      // Without a time of its own the page has that of the request.
      const isSame = page.created === '' ? text(found, 'title') === page.title : key === wanted
      if (isSame && !this.#known.has(id)) return id
    }
    return undefined
  }
}

async function* eachPage(notes: Notes, section: string): AsyncGenerator<JsonObject, void, undefined> {
  let position: Awaited<ReturnType<typeof listPages>>['next']
  do {
    const { pages, next } = await listPages(notes, section, position, { $select: 'id,title,createdDateTime' })
    yield* pages
    position = next
  } while (position !== undefined)
}

/** OneNote keeps times to the second. */
function keyOf({ title, created }: PageKey): string {
  const milliseconds = time({ created }, 'created')
  return `${milliseconds === undefined ? '' : Math.floor(milliseconds / 1000)} ${title.trim()}`
}
