import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, list, record, text } from '../item/fields.ts'
import { chatEventSentence } from '../../../src-shared/text/chat-events.ts'

/**
 * What a line that Teams wrote itself says; undefined for a message of a person.
 * https://learn.microsoft.com/graph/api/resources/eventmessagedetail
 */
export function chatEventText(properties: JsonObject): string | undefined {
  const detail = record(properties, 'eventDetail')
  if (detail === undefined) return undefined
  const kind = /\.(\w+?)(?:EventMessageDetail)?$/.exec(text(detail, '@odata.type') ?? '')?.[1] ?? ''
  const who = nameOf(record(detail, 'initiator'))
  const members = (list(detail, 'members') ?? []).filter(isObject).map(nameOf)
  const what = nameFields.map((name) => text(detail, name)).find((name) => name !== undefined)
  return chatEventSentence(kind, { who, members: members.filter((name) => name !== '').join(', '), what: what ?? '' })
}

const nameFields = [
  'chatDisplayName',
  'channelDisplayName',
  'channelDescription',
  'teamDisplayName',
  'teamDescription',
  'teamsAppDisplayName',
  'callRecordingDisplayName',
]

/** Of an identity set, or of one identity. */
function nameOf(identity: JsonObject | undefined): string {
  if (identity === undefined) return ''
  const user = record(identity, 'user') ?? record(identity, 'application') ?? identity
  return text(user, 'displayName') ?? text(user, 'id') ?? ''
}
