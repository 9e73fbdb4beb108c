import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { DestinationStore, StoredFile } from '../../engine/ports/destination-store.ts'

export interface RetryOptions {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Calls in all, the first one too. Default 6. */
  readonly attempts?: number
  /** Longest first wait in milliseconds, doubled each time. Defaults 1,000 and 60,000. */
  readonly backoffMs?: number
  readonly backoffCapMs?: number
}

/** The store, whose passing faults (retry `later`) are tried again, with a growing wait between. */
export function retrying(store: DestinationStore, options: RetryOptions): DestinationStore {
  const { attempts = 6 } = options

  async function again(error: unknown, attempt: number, signal: AbortSignal | undefined): Promise<void> {
    if (!isPassing(error) || attempt >= attempts) throw error
    await pause(options, attempt, signal)
  }

  async function repeated<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call()
      } catch (error) {
        await again(error, attempt, signal)
      }
    }
  }

  /** What a listing gave before it broke off is not given again. */
  async function* list(folder: string, signal?: AbortSignal): AsyncGenerator<StoredFile, void, undefined> {
    const given = new Set<string>()
    for (let attempt = 1; ; attempt++) {
      try {
        for await (const file of store.list(folder, signal)) {
          if (given.has(file.name)) continue
          given.add(file.name)
          yield file
        }
        return
      } catch (error) {
        await again(error, attempt, signal)
      }
    }
  }

  return {
    location: store.location,
    prepare: (signal) => repeated(signal, () => store.prepare(signal)),
    put: (name, parts, signal) => repeated(signal, () => store.put(name, parts, signal)),
    get: (name, range, signal, memory) => repeated(signal, () => store.get(name, range, signal, memory)),
    size: (name, signal) => repeated(signal, () => store.size(name, signal)),
    remove: (name, signal) => repeated(signal, () => store.remove(name, signal)),
    list,
  }
}

function isPassing(error: unknown): boolean {
  return isEngineError(error) && error.retry === 'later'
}

async function pause(
  { clock, random, backoffMs = 1_000, backoffCapMs = 60_000 }: RetryOptions,
  attempt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const bound = Math.min(backoffCapMs, backoffMs * 2 ** (attempt - 1))
  try {
    await clock.wait(Math.ceil((bound * (1 + random())) / 2), signal)
  } catch (error) {
    throw new EngineError('cancelled', { cause: error })
  }
}
