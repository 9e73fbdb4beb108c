import { isEngineError, type EngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { Content, ItemBody } from '../../engine/ports/data-type.ts'
import { filledText, record } from './fields.ts'

/** The property with what there is to know of the photo beside its bytes: mediaEtag, contentType, width, height. */
export const photoProperty = 'photo'

/**
 * Properties, and the photo that they tell of as content: read with `read` if it is another one than `before`. One that
 * cannot be had leaves the rest to be stored.
 */
export async function bodyWithPhoto(
  properties: JsonObject,
  before: JsonObject,
  read: () => Promise<Content | undefined>,
): Promise<ItemBody> {
  const photo = record(properties, photoProperty)
  if (photo === undefined) return { properties }
  if (isSamePhoto(photo, record(before, photoProperty))) return { properties, content: 'unchanged' }
  try {
    const content = await read()
    return content === undefined ? { properties } : { properties, content }
  } catch (error) {
    if (!isEngineError(error) || !isLasting(error)) throw error
    // Without an etag the photo is read again as soon as there is a reason.
    const unread = { ...properties, [photoProperty]: { ...photo, mediaEtag: null } }
    return { properties: unread, parts: [{ name: 'photo', open: () => Promise.reject(error) }] }
  }
}

function isSamePhoto(photo: JsonObject, before: JsonObject | undefined): boolean {
  const etag = filledText(photo, 'mediaEtag')
  return before !== undefined && etag !== undefined && etag === filledText(before, 'mediaEtag')
}

function isLasting({ code, retry }: EngineError): boolean {
  return retry === 'never' && code !== 'cancelled'
}
