import type {
  RemarkedContainer,
  RestoredItem,
  TenantRestoreCounts,
  TenantRestoreOptions,
  TenantRestoreReport,
} from './tenant-model.ts'

type Callbacks = Pick<TenantRestoreOptions, 'onItem' | 'onContainer' | 'onProgress'>

/** Counts what becomes of the items of a restore, and tells it. */
export class RestoreTally {
  readonly #options: Callbacks
  readonly #counts: TenantRestoreCounts = {
    created: 0,
    duplicates: 0,
    skipped: 0,
    failed: 0,
    remarked: 0,
    containers: 0,
    bytes: 0,
    requests: 0,
  }
  readonly #failures: RestoredItem[] = []

  constructor(options: Callbacks) {
    this.#options = options
  }

  countContainer(): void {
    this.#counts.containers++
  }

  /** `size` in bytes of content and parts; `requests` as estimated. */
  count(item: RestoredItem, size: number, requests = 0): void {
    const { outcome, path } = item
    if (outcome.kind === 'created') {
      this.#counts.created++
      this.#counts.bytes += size
      this.#counts.requests += requests
    } else if (outcome.kind === 'duplicate') this.#counts.duplicates++
    else if (outcome.kind === 'skipped') this.#counts.skipped++
    else {
      this.#counts.failed++
      this.#failures.push(item)
    }
    if ('remarks' in outcome && outcome.remarks.length > 0) this.#counts.remarked++
    this.#options.onItem?.(item)
    this.#options.onProgress?.(this.#counts, path)
  }

  /** A remark on a container of the target. */
  remark(container: RemarkedContainer): void {
    this.#counts.remarked++
    this.#options.onContainer?.(container)
  }

  report(place: string): TenantRestoreReport {
    return { ...this.#counts, failures: this.#failures, place }
  }
}
