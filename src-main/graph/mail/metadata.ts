import type { JsonObject } from '../../engine/model/json.ts'
import { record, text } from '../item/fields.ts'
import { storedProperties } from './message-properties.ts'

const version = 1

/** The stored metadata object of a message: the o365: fields that every stored item has, and Graph's properties. */
export function messageMetadata(properties: JsonObject): JsonObject {
  return {
    'o365:v': version,
    'o365:Type': 'mail',
    'o365:Id': text(properties, 'id') ?? '',
    'o365:Name': text(properties, 'subject') ?? '',
    'o365:CreatedDateTime': text(properties, 'createdDateTime') ?? '',
    'o365:LastModifiedDateTime': text(properties, 'lastModifiedDateTime') ?? '',
    properties: storedProperties(properties),
  }
}

/** The same for a mail folder. Graph gives folders no times, so there are none. */
export function folderMetadata(properties: JsonObject): JsonObject {
  return {
    'o365:v': version,
    'o365:Type': 'mailFolder',
    'o365:Id': text(properties, 'id') ?? '',
    'o365:Name': text(properties, 'displayName') ?? '',
    properties: storedProperties(properties),
  }
}

/** Graph id and change key of a stored message. */
export function identityOf(metadata: JsonObject): { readonly id: string; readonly changeKey: string } {
  const changeKey = text(record(metadata, 'properties') ?? {}, 'changeKey') ?? ''
  return { id: text(metadata, 'o365:Id') ?? '', changeKey }
}
