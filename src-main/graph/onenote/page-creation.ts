import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { escapeHtml } from '../item/html-entities.ts'
import { text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { graphPath } from '../client/graph-url.ts'
import type { InputPage } from './input-page.ts'
import { multipart, type MultipartPart } from './multipart.ts'
import { askNotes, type Notes } from './notes-access.ts'
import { appendCommands, creationHtml, type PageRequest, type PageRequests } from './page-requests.ts'
import { unfinishedMark, type SectionPages } from './section-pages.ts'

/** Times that a page is created anew after one of its requests failed with an unknown outcome. */
const attempts = 3

/** A page that was just made may not be found for a while. */
const looks = 5
const lookAgainMs = 2_000

export interface PagePlace {
  readonly notes: Notes
  readonly section: string
  readonly pages: SectionPages
  readonly clock: Clock
}

/**
 * Creates the page with all its files and gives its id. What does not fit into the request that creates it is appended;
 * as long the title says so. A page whose files cannot all be put on it is removed: it is there as a whole or not at all.
 */
export async function createPage(place: PagePlace, page: InputPage, plan: PageRequests): Promise<string> {
  for (let left = attempts; ; left -= 1) {
    const { id, title } = await postPage(place, page, plan)
    try {
      await mendTitle(place, id, title, workingTitle(page, plan))
      await finishPage(place, id, page, plan)
      return id
    } catch (error) {
      if (place.notes.signal.aborted) throw error
      await removePage(place.notes, id)
      if (!hasUnknownOutcome(error) || left <= 1) throw error
    }
  }
}

interface MadePage {
  readonly id: string
  /** As OneNote has it. */
  readonly title: string
}

function workingTitle(page: InputPage, plan: PageRequests): string {
  return plan.requests.length > 1 ? page.title + unfinishedMark : page.title
}

/** Creates it once, even if an answer gets lost: before another attempt the section is looked at. */
async function postPage(place: PagePlace, page: InputPage, plan: PageRequests): Promise<MadePage> {
  const { notes, section, pages } = place
  const title = workingTitle(page, plan)
  const [first, ...others] = plan.requests
  const continued = new Set(others.flatMap(({ html }) => [...html.keys()]))
  const html = creationHtml(page, title, first, continued)
  for (let left = attempts; ; left -= 1) {
    try {
      const made = await send<JsonObject>(
        notes,
        'POST',
        graphPath`/sections/${section}/pages`,
        {
          name: 'Presentation',
          type: 'text/html; charset=utf-8',
          bytes: Buffer.from(html),
        },
        first,
      )
      const id = text(made, 'id') ?? ''
      pages.created(id)
      return { id, title: text(made, 'title') ?? '' }
    } catch (error) {
      if (!hasUnknownOutcome(error)) throw error
      const id = await pages.findUnknown(notes, section, { title, created: page.created })
      if (id === undefined && left <= 1) throw error
      if (id === undefined) continue
      pages.created(id)
      return { id, title }
    }
  }
}

/** In a section that was just made OneNote may take a page and drop its title. */
async function mendTitle(place: PagePlace, id: string, title: string, wanted: string): Promise<void> {
  if (wanted.trim() === '' || title.trim() !== '') return
  await update(place, id, [titleCommand(wanted)], undefined)
}

async function finishPage(place: PagePlace, id: string, page: InputPage, plan: PageRequests): Promise<void> {
  const others = plan.requests.slice(1)
  for (const [index, request] of others.entries()) {
    const isLast = index === others.length - 1
    const commands = [...appendCommands(page, request), ...(isLast ? [titleCommand(page.title)] : [])]
    await update(place, id, commands, request)
  }
}

function titleCommand(title: string): Record<string, string> {
  return { target: 'title', action: 'replace', content: escapeHtml(title) }
}

async function update(
  { notes, clock }: PagePlace,
  id: string,
  commands: readonly Record<string, string>[],
  request: PageRequest | undefined,
): Promise<void> {
  const part = { name: 'Commands', type: 'application/json', bytes: Buffer.from(JSON.stringify(commands)) }
  for (let look = 1; ; look += 1) {
    try {
      await send<undefined>(notes, 'PATCH', graphPath`/pages/${id}/content`, part, request)
      return
    } catch (error) {
      if (!isEngineError(error, 'graph.not-found') || look >= looks) throw error
      await clock.wait(lookAgainMs * look, notes.signal)
    }
  }
}

async function send<T>(
  notes: Notes,
  method: 'POST' | 'PATCH',
  path: string,
  first: MultipartPart,
  request: PageRequest | undefined,
): Promise<T> {
  const parts: MultipartPart[] = [first]
  for (const { name, type, file } of request?.files ?? []) {
    parts.push({ name, type, bytes: await file.bytes(notes.signal) })
  }
  // Appending twice would put everything there twice.
  return await askNotes<T>(notes, { method, path, ...multipart(parts), idempotent: false })
}

/** Removes a page of our own that is not whole; one that is gone already does not matter. */
export async function removePage(notes: Notes, id: string): Promise<void> {
  try {
    await askNotes<undefined>(notes, { method: 'DELETE', path: graphPath`/pages/${id}` })
  } catch (error) {
    if (!isEngineError(error, 'graph.not-found')) throw error
  }
}
