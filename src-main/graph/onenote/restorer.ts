import type { JsonObject } from '../../engine/model/json.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { DataTypeRestorer, ItemOutcome, RestoreItem, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { systemClock } from '../client/system-clock.ts'
import type { GraphClient } from '../client/types.ts'
import { propertiesOf } from '../item/metadata.ts'
import { outcomeOf } from '../item/outcome.ts'
import { inputPage, pageKey, type InputPage } from './input-page.ts'
import { notesOf, type Notes } from './notes-access.ts'
import { createPage, removePage } from './page-creation.ts'
import { filesPerRequest, pageRequests } from './page-requests.ts'
import { SectionPages } from './section-pages.ts'
import { asNotesTarget, beginNotes, findNotesContainer, sectionFor, type NotesSession } from './target-notebooks.ts'

/**
 * Restores notebooks, section groups, sections and pages.
 *
 * - A page is a duplicate if its section has one of the same title and time of creation; each page that was there
 *   before the restore stands for one stored page.
 * - Pages come back with their text, pictures and files, in the places where they lay, and with their time of creation.
 *   OneNote takes back no ink, no indentation of pages and no time of change, and sorts pages as they come.
 * - One page after the other: OneNote counts requests, and the order of creation is the order of the pages.
 *
 * https://learn.microsoft.com/graph/onenote-create-page
 */
export function onenoteRestorer(client: GraphClient, clock: Clock = systemClock): DataTypeRestorer {
  return {
    folder: 'notes',
    concurrency: 1,
    keepsEmpty: true,
    order: pageOrder,
    requests: ({ parts }: RestoreItem) => Math.max(1, Math.ceil(parts.length / filesPerRequest)),
    begin: (root, options, signal) => beginNotes(notesOf(client, root, signal), root, options),
    container: (parent, container, signal) => {
      const target = asNotesTarget(parent)
      return findNotesContainer(notesOf(client, target.session.root, signal), target, container)
    },
    item: (container, item, signal) => {
      const target = asNotesTarget(container)
      const notes = notesOf(client, target.session.root, signal)
      return outcomeOf(async () => {
        const section = await sectionFor(notes, target)
        if (section.id === undefined) return { kind: 'created', id: '' }
        return await createUnlessThere({ notes, session: target.session, section: section.id, clock }, item)
      })
    },
  }
}

/** Pages are created from the first to the last. */
function pageOrder(metadata: JsonObject): number {
  const { order } = propertiesOf(metadata)
  return typeof order === 'number' ? order : Infinity
}

interface Place {
  readonly notes: Notes
  readonly session: NotesSession
  readonly section: string
  readonly clock: Clock
}

async function createUnlessThere(place: Place, item: RestoreItem): Promise<ItemOutcome> {
  const { notes, session, section } = place
  const { dryRun, ignoreExisting } = session.options
  const pages = await pagesOf(notes, session, section)
  const key = pageKey(item.metadata)
  if (!ignoreExisting && pages.meet(key)) return { kind: 'duplicate' }
  if (dryRun) return { kind: 'created', id: '' }
  for (let begun = pages.takeUnfinished(key); begun !== undefined; begun = pages.takeUnfinished(key)) {
    await removePage(notes, begun)
  }
  const bytes = (await item.content?.bytes(notes.signal)) ?? new Uint8Array(0)
  const page = inputPage(item.metadata, Buffer.from(bytes).toString('utf8'), item.parts)
  const plan = pageRequests(page)
  const id = await createPage({ ...place, pages }, page, plan)
  return { kind: 'created', id, remarks: remarksOf(place, item, page, plan.moved) }
}

function remarksOf(place: Place, item: RestoreItem, page: InputPage, moved: boolean): readonly RestoreRemark[] {
  const { level, order } = propertiesOf(item.metadata)
  const codes = [...page.remarks]
  if (moved) codes.push('page-images-moved')
  if (typeof level === 'number' && level > 0) codes.push('page-level-lost')
  if (typeof order === 'number') {
    const { places } = place.session
    const highest = places.get(place.section) ?? -1
    if (order < highest) codes.push('page-order-changed')
    places.set(place.section, Math.max(highest, order))
  }
  return codes.map((code) => ({ code }))
}

function pagesOf(notes: Notes, session: NotesSession, section: string): Promise<SectionPages> {
  const known = session.pages.get(section)
  if (known !== undefined) return known
  const loading = new SectionPages().load(notes, section)
  session.pages.set(section, loading)
  loading.catch(() => session.pages.delete(section))
  return loading
}
