import type { JsonObject } from '../../engine/model/json.ts'
import { isObject } from '../item/fields.ts'

/** Cursors and marks of our own making; an empty object for anything else. */
export function parsed(json: string): JsonObject {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : {}
  } catch {
    // Not written by this version: as good as none.
    return {}
  }
}
