import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreContainer } from '../../engine/ports/restore-target.ts'
import { filledText, isObject, list, text, time } from '../item/fields.ts'
import { propertiesOf } from '../item/metadata.ts'

export type MembershipType = 'standard' | 'private' | 'shared'

/** Somebody who belonged to a private or shared channel. */
export interface StoredMember {
  readonly id: string | undefined
  readonly address: string | undefined
  readonly isOwner: boolean
}

/** A channel as the snapshot holds it. */
export interface StoredChannel {
  /** Graph id in the source. */
  readonly id: string
  readonly name: string
  readonly membershipType: MembershipType
  /** Milliseconds since 1970; undefined if unknown. */
  readonly createdAt: number | undefined
  /** The one that every team has. */
  readonly isPrimary: boolean
  readonly tenantId: string | undefined
  readonly members: readonly StoredMember[]
  readonly tabs: readonly JsonObject[]
  readonly properties: JsonObject
}

export function storedChannel({ dirName, metadata }: RestoreContainer): StoredChannel {
  const properties = propertiesOf(metadata ?? {})
  return {
    id: filledText(metadata ?? {}, 'o365:Id') ?? dirName,
    name: filledText(properties, 'displayName') ?? dirName,
    membershipType: membershipOf(properties),
    createdAt: time(properties, 'createdDateTime'),
    isPrimary: properties.isPrimary === true,
    tenantId: filledText(properties, 'tenantId'),
    members: (list(properties, 'members') ?? []).filter(isObject).map(memberOf),
    tabs: (list(properties, 'tabs') ?? []).filter(isObject),
    properties,
  }
}

/** What is of no known kind must not become public. */
function membershipOf(properties: JsonObject): MembershipType {
  const type = text(properties, 'membershipType')?.toLowerCase()
  if (type === 'standard' || type === 'shared') return type
  return 'private'
}

function memberOf(member: JsonObject): StoredMember {
  const roles = list(member, 'roles') ?? []
  return {
    id: filledText(member, 'userId'),
    address: filledText(member, 'email'),
    isOwner: roles.some((role) => typeof role === 'string' && role.toLowerCase() === 'owner'),
  }
}
