import type { JsonObject } from '../../engine/model/json.ts'
import { list, record, text, time } from '../../graph/item/fields.ts'
import { htmlToText } from '../../graph/item/html-text.ts'
import { contentText, textLine, textValue, type ContentLine } from './content-lines.ts'
import { compact } from './time-zone.ts'

const PRIORITIES: Readonly<Record<string, string>> = { high: '1', low: '9' }

/** What lies beside an event or a task: whose it is (its properties), and the lines that say so. */
export type AttachmentLines = ReadonlyMap<JsonObject, readonly ContentLine[]>

/** An iCalendar file. https://www.rfc-editor.org/rfc/rfc5545 */
export function calendarText(name: string, components: readonly ContentLine[]): string {
  return contentText([
    { name: 'BEGIN', value: 'VCALENDAR' },
    { name: 'VERSION', value: '2.0' },
    { name: 'PRODID', value: '-//Holdfast//Holdfast//EN' },
    { name: 'CALSCALE', value: 'GREGORIAN' },
    ...textLine('X-WR-CALNAME', name),
    ...components,
    { name: 'END', value: 'VCALENDAR' },
  ])
}

export function stampLine(item: JsonObject): ContentLine {
  return { name: 'DTSTAMP', value: compact(modifiedOf(item)) }
}

export function historyLines(item: JsonObject): readonly ContentLine[] {
  const created = time(item, 'createdDateTime')
  return [
    ...(created === undefined ? [] : [{ name: 'CREATED', value: compact(created) }]),
    { name: 'LAST-MODIFIED', value: compact(modifiedOf(item)) },
  ]
}

function modifiedOf(item: JsonObject): number {
  return time(item, 'lastModifiedDateTime') ?? time(item, 'createdDateTime') ?? 0
}

/** The body as a text and, if it is one, as a page. */
export function bodyLines(item: JsonObject): readonly ContentLine[] {
  const body = record(item, 'body') ?? {}
  const content = text(body, 'content') ?? ''
  const isHtml = text(body, 'contentType')?.toLowerCase() === 'html'
  return [
    ...textLine('DESCRIPTION', isHtml ? htmlToText(content) : content),
    ...(isHtml ? textLine('X-ALT-DESC', content, { FMTTYPE: 'text/html' }) : []),
  ]
}

export function categoryLines(item: JsonObject): readonly ContentLine[] {
  const categories = (list(item, 'categories') ?? []).filter((name) => typeof name === 'string')
  return categories.length === 0 ? [] : [{ name: 'CATEGORIES', value: categories.map(textValue).join(',') }]
}

export function priorityLines(item: JsonObject): readonly ContentLine[] {
  const priority = PRIORITIES[text(item, 'importance') ?? '']
  return priority === undefined ? [] : [{ name: 'PRIORITY', value: priority }]
}

export function alarmLines(title: string, trigger: Omit<ContentLine, 'name'>): readonly ContentLine[] {
  return [
    { name: 'BEGIN', value: 'VALARM' },
    { name: 'ACTION', value: 'DISPLAY' },
    { name: 'DESCRIPTION', value: textValue(title) },
    { name: 'TRIGGER', ...trigger },
    { name: 'END', value: 'VALARM' },
  ]
}
