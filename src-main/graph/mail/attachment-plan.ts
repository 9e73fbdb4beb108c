import type { JsonObject } from '../../engine/model/json.ts'
import { fileJson, fileJsonBytes } from '../outlook/attachment-file.ts'
import { unfinishedMark } from '../outlook/marks.ts'
import type { CustomHeader, GraphMessage } from './graph-message.ts'
import type { MessageFile } from './mime-message.ts'
import { createBytes, sessionBytes } from '../outlook/restore-limits.ts'

/** Which files go with the create request and which after it. */
export interface AttachmentPlan {
  readonly inside: readonly MessageFile[]
  readonly after: readonly MessageFile[]
}

/** As many of the small files as the create request holds, in their order. */
export function planAttachments(message: GraphMessage): AttachmentPlan {
  let room = createBytes - Buffer.byteLength(JSON.stringify(createRequest(message, { inside: [], after: [] })))
  const inside: MessageFile[] = []
  const after: MessageFile[] = []
  for (const file of message.files) {
    const size = fileJsonBytes(file.name, file.bytes.byteLength)
    const fits = file.bytes.byteLength < sessionBytes && size <= room
    if (fits) room -= size
    ;(fits ? inside : after).push(file)
  }
  return { inside, after }
}

/** The JSON of the create request. */
export function createRequest(message: GraphMessage, plan: AttachmentPlan): JsonObject {
  const unfinished = plan.after.length === 0 ? [] : [{ id: unfinishedMark, value: 'unfinished' }]
  const extended = [...message.delivery, ...message.headers, ...unfinished]
  return {
    ...message.json,
    ...(message.customHeaders.length === 0 ? {} : { internetMessageHeaders: message.customHeaders.map(toJson) }),
    ...(extended.length === 0
      ? {}
      : { singleValueExtendedProperties: extended.map(({ id, value }) => ({ id, value })) }),
    ...(plan.inside.length === 0 ? {} : { attachments: plan.inside.map((file) => fileJson(file, file.bytes)) }),
  }
}

function toJson({ name, value }: CustomHeader): JsonObject {
  return { name, value }
}
