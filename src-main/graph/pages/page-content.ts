import type { JsonObject } from '../../engine/model/json.ts'
import { filledText, isObject, list, record, text } from '../item/fields.ts'
import { htmlToText } from '../item/html-text.ts'
import { valueHash } from '../item/listed-value.ts'

/** The web parts of a page, from the top down. */
export function webPartsOf(layout: JsonObject | undefined): readonly JsonObject[] {
  return placesOf(layout).flatMap((place) =>
    (list(place, 'webparts') ?? list(place, 'webParts') ?? []).filter(isObject),
  )
}

/** The columns of all sections, and the vertical section. */
function placesOf(layout: JsonObject | undefined): readonly JsonObject[] {
  const sections = (list(layout ?? {}, 'horizontalSections') ?? []).filter(isObject)
  const columns = sections.flatMap((section) => (list(section, 'columns') ?? []).filter(isObject))
  const vertical = record(layout ?? {}, 'verticalSection')
  return vertical === undefined ? columns : [...columns, vertical]
}

/** What people read on the page. */
export function pageText(properties: JsonObject): string {
  const parts = webPartsOf(record(properties, 'canvasLayout')).flatMap(partTexts)
  const own = [filledText(properties, 'title'), filledText(properties, 'description')]
  return [...new Set([...own, ...parts])].filter((line) => line !== undefined && line !== '').join('\n')
}

function partTexts(part: JsonObject): readonly string[] {
  const html = text(part, 'innerHtml')
  if (html !== undefined) return [htmlToText(html)]
  const data = record(part, 'data') ?? {}
  const served = record(data, 'serverProcessedContent') ?? {}
  const plain = pairsOf(served, 'searchablePlainTexts')
  const rich = pairsOf(served, 'htmlStrings').map(htmlToText)
  return [filledText(data, 'title') ?? '', ...plain, ...rich]
}

function pairsOf(served: JsonObject, name: string): readonly string[] {
  return (list(served, name) ?? []).filter(isObject).flatMap((pair) => filledText(pair, 'value') ?? [])
}

/** Pages with the same key show the same: ids, which Graph gives anew, and what it works out by itself do not count. */
export function contentKey(properties: JsonObject): string {
  const layout = record(properties, 'canvasLayout')
  const sections = (list(layout ?? {}, 'horizontalSections') ?? []).filter(isObject)
  const vertical = record(layout ?? {}, 'verticalSection')
  return valueHash({
    title: text(properties, 'title') ?? '',
    layout: text(properties, 'pageLayout') ?? '',
    sections: sections.map((section) => ({
      layout: text(section, 'layout') ?? '',
      emphasis: text(section, 'emphasis') ?? 'none',
      columns: (list(section, 'columns') ?? []).filter(isObject).map(shownParts),
    })),
    vertical: vertical === undefined ? [] : shownParts(vertical),
  })
}

function shownParts(place: JsonObject): readonly unknown[] {
  const parts = (list(place, 'webparts') ?? list(place, 'webParts') ?? []).filter(isObject)
  return parts.map((part) => {
    const data = record(part, 'data') ?? {}
    return [
      text(part, 'innerHtml') ?? null,
      text(part, 'webPartType') ?? null,
      data.title ?? null,
      data.properties ?? null,
    ]
  })
}
