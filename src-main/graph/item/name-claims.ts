import { nameKey } from '../../../src-shared/model/safe-name.ts'

/** Which folder of the snapshot each name of a place was given to. */
export type NameClaims = Map<string, Map<string, string>>

/**
 * The name that a folder gets below `place`: its own, or with a number if another folder of the snapshot has it, since
 * Exchange refuses equal names on one level; so two of one name are not merged. Asked again, the same.
 */
export function claimName(all: NameClaims, place: string, wanted: string, source: string): string {
  const claims = all.get(place) ?? new Map<string, string>()
  all.set(place, claims)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    const holder = claims.get(nameKey(name)) ?? source
    claims.set(nameKey(name), holder)
    if (holder === source) return name
  }
}
