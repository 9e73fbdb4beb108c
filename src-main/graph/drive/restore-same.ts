import type { StoredFile } from '../../engine/ports/restore-target.ts'
import { hashesOf, sameHash, sameTimes } from './restore-facts.ts'
import type { ContentHashes, StoredFacts } from './restore-facts.ts'
import type { TargetEntry } from './target-listing.ts'
import { findItem } from './target-requests.ts'
import type { TargetDrive } from './target-requests.ts'
import { storedHashes } from './upload-hash.ts'
import { isRewrittenKind } from './upload-verified.ts'

/** A stored content that files of the target are compared with; its hashes are computed when nothing else tells. */
export class StoredContent {
  readonly file: StoredFile
  readonly #facts: StoredFacts
  #computed: Promise<ContentHashes> | undefined

  constructor(file: StoredFile, facts: StoredFacts) {
    this.file = file
    this.#facts = facts
  }

  /**
   * Whether the file has this content. Where Graph told the hash when the content was stored, and the size fitted, that
   * decides; otherwise the stored content is read. A file into which SharePoint wrote its own properties counts as the
   * same if both its times are those that the restore gave it.
   */
  async isIn(target: TargetDrive, entry: TargetEntry): Promise<boolean> {
    if (entry.kind !== 'file') return false
    const { file } = this
    if (file.size === 0) return entry.size === 0
    const told = sameHash(entry.hashes, this.#facts.hashes)
    if (told === true) return true
    const isTrusted = told === false && this.#facts.size === file.size && !isRewrittenKind(this.#facts.name)
    if (!isTrusted && entry.size === file.size && (await this.#matches(target, entry))) return true
    return isRewrittenKind(entry.name) && sameTimes(entry.times, this.#facts.times)
  }

  async #matches(target: TargetDrive, entry: TargetEntry): Promise<boolean> {
    const isHashed = entry.hashes.quickXorHash !== undefined || entry.hashes.sha1Hash !== undefined
    const hashes = isHashed ? entry.hashes : hashesOf((await findItem(target, entry.id)) ?? {})
    const same = sameHash(hashes, await this.#hashes(target.signal))
    return same ?? sameTimes(entry.times, this.#facts.times)
  }

  #hashes(signal: AbortSignal): Promise<ContentHashes> {
    if (this.#computed === undefined) {
      this.#computed = storedHashes(this.file, signal)
      this.#computed.catch(() => (this.#computed = undefined))
    }
    return this.#computed
  }
}
