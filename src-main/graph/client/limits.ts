/**
 * What Graph counts together. Mailboxes are counted one by one, the rest per tenant (a client serves one tenant);
 * OneNote counts whoever signed in, an application or a person, whosever notebooks it reads: its id says nothing here.
 * `content` is for the pre-authenticated upload and download addresses of drives, `envelope` for batches whose members
 * hold places of their own pools.
 */
export type Pool =
  | { readonly kind: 'mailbox' | 'onenote'; readonly id: string }
  | { readonly kind: 'directory' | 'drive' | 'teams' | 'planner' | 'content' | 'envelope' }

export type PoolKind = Pool['kind']

/** At most `amount` within any `windowMs`. */
export interface Budget {
  /** `requests`: resource units where the service counts those, see `GraphRequest.cost`. */
  readonly measure: 'requests' | 'uploadBytes'
  readonly amount: number
  readonly windowMs: number
}

export interface PoolLimits {
  /** Requests in flight at the same time. */
  readonly concurrency: number
  readonly budgets: readonly Budget[]
  readonly refusals?: RefusalLimits
}

/**
 * For a service that never says how long to wait, and counts what it refuses: after a refusal one request at a time
 * goes out, until one is taken. Times in milliseconds.
 */
interface RefusalLimits {
  /** The pool's back-off, instead of `backoffMs` and `poolBackoffCapMs`. */
  readonly backoffMs: number
  readonly backoffCapMs: number
  /** Nothing taken for so long: what waits fails with `graph.throttled`. */
  readonly giveUpMs: number
}

/** Times in milliseconds. */
export interface ClientLimits {
  readonly pools: Readonly<Record<PoolKind, PoolLimits>>
  /** Requests in flight at the same time, all pools together. */
  readonly inFlight: number
  readonly connectMs: number
  /** From the request to the first byte of its answer; large uploads get more. */
  readonly headersMs: number
  /** Longest silence in the middle of an answer. */
  readonly stallMs: number
  /** Sendings of one request that ended in a fault (5xx, reset, stall, truncated answer). */
  readonly attempts: number
  /** The same for "no connection": before Graph ever answered (fail soon), and afterwards (sit it out). */
  readonly attemptsBeforeContact: number
  readonly attemptsOffline: number
  /** Sendings of one request that Graph throttled. */
  readonly throttles: number
  /** Sendings that Exchange answered with 404 and no body, which is mostly transient. */
  readonly emptyNotFounds: number
  /** Back-off: a random time up to `backoffMs * 2^n`, at most `backoffCapMs`. */
  readonly backoffMs: number
  readonly backoffCapMs: number
  /** The same for a whole pool whose service does not say how long to wait. */
  readonly poolBackoffCapMs: number
  /** A longer Retry-After is not waited for: the request fails with `graph.throttled`. */
  readonly retryAfterCapMs: number
  /** Longest time one request is tried, without its time in the queue. */
  readonly elapsedMs: number
  /** After we gave a running request up, Graph still counts it for a moment. */
  readonly graceMs: number
  /** Good answers before a lowered concurrency goes up by one. */
  readonly recoverAfter: number
}

export type ClientLimitOptions = Partial<Omit<ClientLimits, 'pools'>> & {
  readonly pools?: Partial<Record<PoolKind, PoolLimits>>
}

const minute = 60_000

/**
 * Slightly below what Microsoft documents (https://learn.microsoft.com/graph/throttling-limits); subject to
 * change on their side, so all of it can be overridden. Planner publishes nothing.
 */
const defaultLimits: ClientLimits = {
  pools: {
    mailbox: {
      concurrency: 4,
      budgets: [
        { measure: 'requests', amount: 9_800, windowMs: 10 * minute },
        { measure: 'uploadBytes', amount: 140 * 1024 * 1024, windowMs: 5 * minute },
      ],
    },
    directory: { concurrency: 8, budgets: [{ measure: 'requests', amount: 3_000, windowMs: 10_000 }] },
    drive: { concurrency: 8, budgets: [{ measure: 'requests', amount: 1_150, windowMs: minute }] },
    // Reading chat messages is what is asked most, and what Teams allows least often: 20 a second.
    teams: { concurrency: 4, budgets: [{ measure: 'requests', amount: 18, windowMs: 1_000 }] },
    // Of a person who signed in; applications, which OneNote no longer lets in by themselves, had twice as much.
    onenote: {
      concurrency: 4,
      budgets: [
        { measure: 'requests', amount: 110, windowMs: minute },
        { measure: 'requests', amount: 380, windowMs: 60 * minute },
      ],
      // What others asked counts too, and the hour has to pass before it is forgotten.
      refusals: { backoffMs: 5_000, backoffCapMs: 10 * minute, giveUpMs: 75 * minute },
    },
    planner: { concurrency: 4, budgets: [] },
    content: { concurrency: 8, budgets: [] },
    envelope: { concurrency: 16, budgets: [] },
  },
  inFlight: 64,
  connectMs: 15_000,
  headersMs: 120_000,
  stallMs: 60_000,
  attempts: 6,
  attemptsBeforeContact: 4,
  attemptsOffline: 12,
  throttles: 30,
  emptyNotFounds: 4,
  backoffMs: 500,
  backoffCapMs: 30_000,
  poolBackoffCapMs: 5 * minute,
  retryAfterCapMs: 60 * minute,
  elapsedMs: 30 * minute,
  graceMs: 100,
  recoverAfter: 200,
}

export function mergeLimits(options: ClientLimitOptions = {}): ClientLimits {
  return { ...defaultLimits, ...options, pools: { ...defaultLimits.pools, ...options.pools } }
}

export function poolKey(pool: Pool): string {
  return pool.kind === 'mailbox' ? `mailbox:${pool.id.toLowerCase()}` : pool.kind
}

/** SharePoint wants everything to pause, also what is addressed past Graph: what one of the two is told holds for both. */
export function partnerOf({ kind }: Pool): Pool | undefined {
  if (kind === 'drive') return { kind: 'content' }
  return kind === 'content' ? { kind: 'drive' } : undefined
}
