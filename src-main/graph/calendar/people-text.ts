import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { cleanText } from '../outlook/clean-text.ts'

/** Characters of the hidden list of people: it is a convenience for programs, the text has everybody. */
const markLength = 30_000

/** What of a meeting cannot be set without mailing people, in words for people. */
interface MeetingText {
  readonly lines: readonly string[]
  readonly remarks: readonly RestoreRemark[]
}

/**
 * Organizer, attendees with their answers, an online meeting's address, and that a meeting was cancelled. Empty for an
 * appointment of one's own.
 */
function meetingText(event: JsonObject): MeetingText {
  const attendees = attendeesOf(event)
  const isMeeting = attendees.length > 0 || event.isOrganizer === false
  const join = joinUrl(event)
  const lines = [
    ...(event.isCancelled === true ? ['This meeting had been cancelled.'] : []),
    ...(isMeeting ? [`Organizer: ${personText(record(event, 'organizer') ?? {})}`] : []),
    ...attendees.map(attendeeText),
    ...(join === undefined ? [] : [`Online meeting: ${join}`]),
  ]
  const remarks: RestoreRemark[] = [
    ...(isMeeting ? [{ code: 'attendees-kept-as-text' }] : []),
    ...(event.isCancelled === true ? [{ code: 'cancelled-kept-as-text' }] : []),
    ...(join === undefined ? [] : [{ code: 'online-meeting-kept-as-text' }]),
  ]
  return { lines, remarks }
}

function attendeesOf(event: JsonObject): readonly JsonObject[] {
  return (list(event, 'attendees') ?? []).filter(isObject)
}

function joinUrl(event: JsonObject): string | undefined {
  return text(record(event, 'onlineMeeting') ?? {}, 'joinUrl') ?? text(event, 'onlineMeetingUrl')
}

function attendeeText(attendee: JsonObject): string {
  const type = text(attendee, 'type') ?? 'required'
  const answer = text(record(attendee, 'status') ?? {}, 'response') ?? 'none'
  const answered = answer === 'none' || answer === 'notResponded' ? 'no answer' : answer
  return `Attendee: ${personText(attendee)} (${type}, ${answered})`
}

function personText(person: JsonObject): string {
  const email = record(person, 'emailAddress') ?? {}
  const [name, address] = [text(email, 'name') ?? '', text(email, 'address') ?? '']
  return name === '' || name === address ? address : `${name} <${address}>`
}

/** The hidden list of people, as JSON; undefined where there is nobody, or too many for a property. */
export function peopleValue(event: JsonObject): string | undefined {
  if (meetingText(event).remarks.length === 0) return undefined
  const { organizer = null, isCancelled = false, onlineMeeting = null, responseStatus = null } = event
  const value = JSON.stringify({ organizer, attendees: attendeesOf(event), responseStatus, isCancelled, onlineMeeting })
  return value.length <= markLength ? cleanText(value) : undefined
}

export interface BodyWithPeople {
  readonly json: JsonObject
  readonly remarks: readonly RestoreRemark[]
}

/** The event's text, and behind it in words what of the meeting cannot be set without mailing people. */
export function bodyWithPeople(event: JsonObject): BodyWithPeople {
  const body = record(event, 'body') ?? {}
  const content = cleanText(text(body, 'content') ?? '')
  const isText = text(body, 'contentType')?.toLowerCase() === 'text'
  const { lines, remarks } = meetingText(event)
  if (lines.length === 0) return { json: { contentType: isText ? 'text' : 'html', content }, remarks }
  const all = ['Kept from the backup; nobody was invited again.', ...lines].map(cleanText)
  if (isText) return { json: { contentType: 'text', content: `${content}\n\n${all.join('\n')}\n` }, remarks }
  const block = `<div><hr>${all.map((line) => `<p>${escaped(line)}</p>`).join('')}</div>`
  return { json: { contentType: 'html', content: beforeEnd(content, block) }, remarks }
}

/** Inside the document, where it has an end; an empty text becomes a document. */
function beforeEnd(html: string, block: string): string {
  if (html.trim() === '') return `<html><body>${block}</body></html>`
  const at = html.search(/<\/body\s*>/i)
  return at < 0 ? html + block : html.slice(0, at) + block + html.slice(at)
}

function escaped(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
