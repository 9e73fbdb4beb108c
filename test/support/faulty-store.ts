import { EngineError } from '../../src-main/engine/model/errors.ts'
import type { DestinationStore, StoredFile } from '../../src-main/engine/ports/destination-store.ts'

export type StoreMethod = 'prepare' | 'put' | 'get' | 'size' | 'list' | 'remove'

export interface StoreCall {
  readonly method: StoreMethod
  /** The file's or folder's name; empty for prepare. */
  readonly name: string
  /** 1 for the first call of all. */
  readonly number: number
  /** 1 for the first call of its method. */
  readonly ofMethod: number
}

export type Fault =
  /** Nothing is done. */
  | { readonly kind: 'fail'; readonly error: EngineError }
  /** It is done, but the answer is lost. */
  | { readonly kind: 'fail-after'; readonly error: EngineError }
  /** Nothing happens before `until`, or before the call is cancelled. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }
  /** What was read is changed. */
  | { readonly kind: 'damage'; readonly change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> }
  /** From here on nothing gets through any more, as if the process had been killed or the cable cut. */
  | { readonly kind: 'cut' }

/** Decides on each call; undefined lets it through. */
export type FaultPlan = (call: StoreCall) => Fault | undefined

export interface FaultyStore extends DestinationStore {
  /** Every call so far, those that failed too. */
  readonly calls: readonly StoreCall[]
  /** Changes the plan from now on; a store that was cut works again. */
  follow(plan: FaultPlan): void
}

const NO_FAULTS: FaultPlan = () => undefined

/** A store with faults before it. Without a plan it is the store itself. */
export function createFaultyStore(store: DestinationStore, plan: FaultPlan = NO_FAULTS): FaultyStore {
  const calls: StoreCall[] = []
  let current = plan
  let isCut = false

  const enter = (method: StoreMethod, name: string): Fault | undefined => {
    const ofMethod = calls.filter((call) => call.method === method).length + 1
    const call = { method, name, number: calls.length + 1, ofMethod }
    calls.push(call)
    const fault = isCut ? { kind: 'cut' as const } : current(call)
    if (fault?.kind === 'cut') isCut = true
    return fault
  }

  const run = async <T>(
    method: StoreMethod,
    name: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> => {
    const fault = enter(method, name)
    await before(fault, signal)
    const result = await work()
    if (fault?.kind === 'fail-after') throw fault.error
    return fault?.kind === 'damage' && result instanceof Uint8Array
      ? (fault.change(Uint8Array.from(result)) as T)
      : result
  }

  async function* list(folder: string, signal?: AbortSignal): AsyncIterable<StoredFile> {
    const fault = enter('list', folder)
    await before(fault, signal)
    yield* store.list(folder, signal)
    if (fault?.kind === 'fail-after') throw fault.error
  }

  return {
    location: store.location,
    calls,
    follow: (next) => {
      current = next
      isCut = false
    },
    prepare: (signal) => run('prepare', '', signal, () => store.prepare(signal)),
    put: (name, parts, signal) => run('put', name, signal, () => store.put(name, parts, signal)),
    get: (name, range, signal) => run('get', name, signal, () => store.get(name, range, signal)),
    size: (name, signal) => run('size', name, signal, () => store.size(name, signal)),
    remove: (name, signal) => run('remove', name, signal, () => store.remove(name, signal)),
    list,
  }
}

async function before(fault: Fault | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (fault?.kind === 'fail') throw fault.error
  if (fault?.kind === 'cut') throw unreachable()
  if (fault?.kind === 'hold') await Promise.race([fault.until, cancelled(signal)])
}

function cancelled(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new EngineError('cancelled', { cause: signal?.reason }))
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/** A passing fault. */
export function unreachable(): EngineError {
  return new EngineError('store.unreachable', { retry: 'later' })
}

/** Lets the calls through but those that `isMeant` picks. */
export function failWhere(isMeant: (call: StoreCall) => boolean, error: EngineError = unreachable()): FaultPlan {
  return (call) => (isMeant(call) ? { kind: 'fail', error } : undefined)
}

/** Lets `count` writes (put and remove) through and then nothing more. */
export function cutAfterWrites(count: number): FaultPlan {
  let writes = 0
  return ({ method }) => {
    if (method !== 'put' && method !== 'remove') return undefined
    return ++writes > count ? { kind: 'cut' } : undefined
  }
}
