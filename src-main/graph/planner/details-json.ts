import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, record, text } from '../item/fields.ts'
import { hintsFromTheEnd } from './order-hints.ts'

/** The change that puts a stored task's details on a new one; undefined if there is nothing in them. */
export function detailsJson(details: JsonObject): JsonObject | undefined {
  const description = filledText(details, 'description')
  const previewType = text(details, 'previewType')
  const checklist = checklistJson(record(details, 'checklist') ?? {})
  const references = referencesJson(record(details, 'references') ?? {})
  const body = {
    ...(description === undefined ? {} : { description }),
    ...(previewType === undefined || previewType === 'automatic' ? {} : { previewType }),
    ...(Object.keys(checklist).length === 0 ? {} : { checklist }),
    ...(Object.keys(references).length === 0 ? {} : { references }),
  }
  return Object.keys(body).length === 0 ? undefined : body
}

/** The GUIDs of the items are the caller's to choose: they stay. */
function checklistJson(checklist: JsonObject): JsonObject {
  const items = inOrder(checklist, 'orderHint')
  const entries = hintsFromTheEnd(items).map(([[id, item], orderHint]) => {
    const facts = { title: text(item, 'title') ?? '', isChecked: item.isChecked === true, orderHint }
    return [id, { '@odata.type': '#microsoft.graph.plannerChecklistItem', ...facts }] as const
  })
  return Object.fromEntries(entries)
}

function referencesJson(references: JsonObject): JsonObject {
  const entries = hintsFromTheEnd(inOrder(references, 'previewPriority')).map(([[address, reference], hint]) => {
    const alias = text(reference, 'alias')
    const type = text(reference, 'type')
    const facts = {
      ...(alias === undefined ? {} : { alias }),
      ...(type === undefined ? {} : { type }),
      previewPriority: hint,
    }
    return [address, { '@odata.type': '#microsoft.graph.plannerExternalReference', ...facts }] as const
  })
  return Object.fromEntries(entries)
}

/** The assignments of people of the target, in the order of the stored ones. `ids`: stored id to id in the target. */
export function assignmentsJson(assignments: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  const kept = inOrder(assignments, 'orderHint').flatMap(([id]) => ids.get(id) ?? [])
  const entries = hintsFromTheEnd([...new Set(kept)]).map(
    ([id, orderHint]) => [id, { '@odata.type': '#microsoft.graph.plannerAssignment', orderHint }] as const,
  )
  return Object.fromEntries(entries)
}

/** The entries of an open type by their order hints. */
function inOrder(open: JsonObject, hint: string): readonly (readonly [string, JsonObject])[] {
  const entries = Object.entries(open).flatMap(([name, value]) =>
    isObject(value) && !name.includes('@') ? [[name, value] as const] : [],
  )
  return entries.sort(([, one], [, other]) => ((text(one, hint) ?? '') < (text(other, hint) ?? '') ? -1 : 1))
}

/** What two tasks' details have to have in common to be the same to a person. */
export function detailsKey(details: JsonObject): string {
  const titles = inOrder(record(details, 'checklist') ?? {}, 'orderHint').map(([, item]) => text(item, 'title') ?? '')
  const addresses = Object.keys(record(details, 'references') ?? {}).filter((name) => !name.includes('@'))
  const description = (text(details, 'description') ?? '').replace(/\s+/gu, ' ').trim()
  return JSON.stringify([description, titles.sort(), addresses.sort()])
}
