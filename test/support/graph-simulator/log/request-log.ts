/** One request that was answered (or broken off). */
export interface LogEntry {
  readonly method: string
  /** Path and query as they were sent. */
  readonly path: string
  /** Route template, for instance `users/{user}/messages/{message}/$value`; "unknown" when there is none. */
  readonly route: string
  /** 0 when the connection was broken before an answer. */
  readonly status: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly durationMs: number
  /** GUID of the user whose mailbox or record the request was about. */
  readonly user: string | undefined
  /** Body bytes received and sent. */
  readonly bytesIn: number
  readonly bytesOut: number
  readonly authorized: boolean
  readonly prefer: string | undefined
  readonly userAgent: string | undefined
  /** True when message content was asked for: MIME or an attachment's bytes. */
  readonly content: boolean
  /** True for a member of a $batch. */
  readonly batched: boolean
  readonly fault: string | undefined
}

/** Which entries to count. With `keep: 'counters'` only `method`, `route`, `status`, `user`, `content` can be asked for. */
export interface LogFilter {
  readonly method?: string
  readonly route?: string
  readonly status?: number
  readonly user?: string
  readonly content?: boolean
  /** Regular expression (or its source) over path and query. */
  readonly path?: RegExp | string
  readonly authorized?: boolean
  readonly batched?: boolean
}

export interface LogOptions {
  /** `entries` keeps everything; `counters` keeps numbers only, for runs of hundreds of thousands of requests. */
  readonly keep?: 'entries' | 'counters'
}

interface Counter {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly user: string | undefined
  readonly content: boolean
  count: number
}

export const unknownRoute = 'unknown'

/** What was asked of the simulator. */
export class RequestLog {
  /** Requests for which there is no route, or none for their options: a test can require that there were none. */
  readonly unknown: { readonly method: string; readonly path: string }[] = []
  bytesIn = 0
  bytesOut = 0
  private readonly keepEntries: boolean
  private readonly kept: LogEntry[] = []
  private readonly counters = new Map<string, Counter>()

  constructor(options: LogOptions) {
    this.keepEntries = options.keep !== 'counters'
  }

  add(entry: LogEntry): void {
    if (entry.route === unknownRoute) this.unknown.push({ method: entry.method, path: entry.path })
    this.bytesIn += entry.bytesIn
    this.bytesOut += entry.bytesOut
    if (this.keepEntries) this.kept.push(entry)
    const { method, route, status, user, content } = entry
    const key = `${method} ${route} ${String(status)} ${user ?? ''} ${String(content)}`
    const counter = this.counters.get(key)
    if (counter === undefined) this.counters.set(key, { method, route, status, user, content, count: 1 })
    else counter.count++
  }

  /** How many requests fit. Members of a $batch count one by one, the $batch itself once more. */
  count(filter: LogFilter = {}): number {
    if (filter.path !== undefined || filter.authorized !== undefined || filter.batched !== undefined) {
      return this.entries(filter).length
    }
    let sum = 0
    for (const counter of this.counters.values()) if (fitsCounter(counter, filter)) sum += counter.count
    return sum
  }

  /** The entries that fit, in the order the requests ended. */
  entries(filter: LogFilter = {}): LogEntry[] {
    if (!this.keepEntries) throw new Error('The request log keeps only counters')
    const path = filter.path === undefined ? undefined : new RegExp(filter.path)
    return this.kept.filter(
      (entry) =>
        fitsCounter(entry, filter) &&
        (path?.test(entry.path) ?? true) &&
        (filter.authorized ?? entry.authorized) === entry.authorized &&
        (filter.batched ?? entry.batched) === entry.batched,
    )
  }

  clear(): void {
    this.unknown.length = 0
    this.kept.length = 0
    this.counters.clear()
    this.bytesIn = 0
    this.bytesOut = 0
  }
}

function fitsCounter(counter: Omit<Counter, 'count'>, filter: LogFilter): boolean {
  return (
    (filter.method ?? counter.method) === counter.method &&
    (filter.route ?? counter.route) === counter.route &&
    (filter.status ?? counter.status) === counter.status &&
    (filter.user === undefined || filter.user === counter.user) &&
    (filter.content ?? counter.content) === counter.content
  )
}
