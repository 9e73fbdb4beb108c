import type { JsonObject } from '../../engine/model/json.ts'
import { isObject, record, text } from './fields.ts'

const version = 1

/** What a stored metadata object says of an item beside its properties. */
export interface ItemFacts {
  /** Kind of item, e.g. "event"; several kinds may lie in one data type's folder. */
  readonly type: string
  /** The name as people see it. */
  readonly name: string
  /** ISO 8601; empty where Graph knows none. */
  readonly created?: string | undefined
  readonly modified?: string | undefined
}

/** The stored metadata object: the o365: fields that every stored item has, and Graph's properties without annotations. */
export function itemMetadata(facts: ItemFacts, properties: JsonObject): JsonObject {
  return {
    'o365:v': version,
    'o365:Type': facts.type,
    'o365:Id': text(properties, 'id') ?? '',
    'o365:Name': facts.name,
    'o365:CreatedDateTime': facts.created ?? '',
    'o365:LastModifiedDateTime': facts.modified ?? '',
    properties: withoutAnnotations(properties),
  }
}

/** The same for a container; containers have no times of their own here, as those change with what is in them. */
export function containerMetadata(type: string, name: string, properties: JsonObject): JsonObject {
  return {
    'o365:v': version,
    'o365:Type': type,
    'o365:Id': text(properties, 'id') ?? '',
    'o365:Name': name,
    properties: withoutAnnotations(properties),
  }
}

/** The Graph properties in a stored metadata object; empty if there are none (written by something else). */
export function propertiesOf(metadata: JsonObject): JsonObject {
  return record(metadata, 'properties') ?? {}
}

/** Properties without what Graph says about its answer (@odata...); a type (@odata.type) is part of the value and stays. */
function withoutAnnotations(properties: JsonObject): JsonObject {
  const kept = Object.entries(properties).filter(([name]) => name.endsWith('@odata.type') || !name.includes('@'))
  return Object.fromEntries(kept.map(([name, value]) => [name, isObject(value) ? withoutAnnotations(value) : value]))
}
