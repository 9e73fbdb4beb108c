import type { PoolKind } from './limits.ts'

/** One sending of one request. Holds no address and no id of a person. */
export interface RequestRecord {
  readonly pool: PoolKind
  readonly method: string
  /** Counts from 1. */
  readonly attempt: number
  readonly status?: number
  /** What went wrong, when it is not told by the status. */
  readonly fault?: string
  readonly queuedMs: number
  readonly durationMs: number
  /** 0 for a stream, whose bytes are still to come. */
  readonly bytesIn: number
  readonly bytesOut: number
  readonly clientRequestId: string
}

export interface AccountingSnapshot {
  /** HTTP requests sent, retries included. */
  readonly requests: number
  /** Members of batches, retries included. */
  readonly batchMembers: number
  readonly byStatusClass: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx' | 'none', number>>
  readonly retried: number
  /** Answers 429, and 503 with a Retry-After. */
  readonly throttled: number
  /** Milliseconds that pools were kept blocked, summed over the pools. */
  readonly throttledMs: number
  /** Bodies only, as they went over the wire. */
  readonly bytesIn: number
  readonly bytesOut: number
}

export interface Accounting {
  sent(record: RequestRecord): void
  /** Bytes of an answer that came after its sending was reported. */
  streamed(bytes: number): void
  throttled(): void
  batchMembers(count: number): void
  snapshot(): AccountingSnapshot
}

export function createAccounting(throttledMs: () => number, onRequest?: (record: RequestRecord) => void): Accounting {
  const byStatusClass = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 }
  const counts = { requests: 0, batchMembers: 0, retried: 0, throttled: 0, bytesIn: 0, bytesOut: 0 }
  return {
    sent(record) {
      counts.requests++
      if (record.attempt > 1) counts.retried++
      counts.bytesIn += record.bytesIn
      counts.bytesOut += record.bytesOut
      byStatusClass[statusClass(record.status)]++
      onRequest?.(record)
    },
    streamed(bytes) {
      counts.bytesIn += bytes
    },
    throttled() {
      counts.throttled++
    },
    batchMembers(count) {
      counts.batchMembers += count
    },
    snapshot: () => ({ ...counts, byStatusClass: { ...byStatusClass }, throttledMs: throttledMs() }),
  }
}

function statusClass(status: number | undefined): '2xx' | '3xx' | '4xx' | '5xx' | 'none' {
  if (status === undefined) return 'none'
  if (status < 300) return '2xx'
  if (status < 400) return '3xx'
  return status < 500 ? '4xx' : '5xx'
}
