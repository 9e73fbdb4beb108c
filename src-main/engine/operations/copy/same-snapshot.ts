import type { HexId } from '../../model/ids.ts'
import type { SavedSnapshot } from '../../model/snapshot.ts'
import { compareTimes } from '../../repository/rfc3339.ts'

/** Finds the copy of a snapshot in another repository, as restic's copy does. */
export class KnownCopies {
  readonly #byOrigin = new Map<HexId, SavedSnapshot[]>()

  constructor(snapshots: readonly SavedSnapshot[]) {
    for (const snapshot of snapshots) this.add(snapshot)
  }

  add(snapshot: SavedSnapshot): void {
    const origins = new Set([snapshot.id, snapshot.original ?? snapshot.id])
    for (const origin of origins) {
      const known = this.#byOrigin.get(origin)
      if (known === undefined) this.#byOrigin.set(origin, [snapshot])
      else known.push(snapshot)
    }
  }

  /** A snapshot of the same origin that says the same; one whose tags were changed, for example, does not. */
  find(snapshot: SavedSnapshot): SavedSnapshot | undefined {
    return this.#byOrigin.get(snapshot.original ?? snapshot.id)?.find((known) => saysTheSame(known, snapshot))
  }
}

function saysTheSame(one: SavedSnapshot, other: SavedSnapshot): boolean {
  return compareTimes(one.time, other.time) === 0 && said(one) === said(other)
}

function said({ tree, paths, hostname, username, uid, gid, excludes, tags }: SavedSnapshot): string {
  return JSON.stringify([tree, paths, hostname, username, uid ?? 0, gid ?? 0, excludes ?? [], tags ?? []])
}
