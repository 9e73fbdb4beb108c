import { expect } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { shortId } from '../../../src-main/engine/model/short-id.ts'
import { listSnapshots } from '../../../src-main/engine/repository/snapshots.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { BackupScene, sceneClient } from '../../support/backup-scene.ts'
import { startGraphSimulator, type FaultKind, type FaultRule } from '../../support/graph-simulator/index.ts'
import type { GraphSimulator, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { seededRandom, type Random } from '../../support/graph-simulator/random.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { servedState, storedState, type MailState } from '../../support/mail-state.ts'
import { IncrementalWorld } from './incremental-fixture.ts'

/** Short enough that a stalled request is given up soon, long enough for a busy machine to answer in. */
const PATIENCE_MS = 500

const CONTENT = 'users/{user}/messages/{message}/$value'
const MESSAGES_DELTA = 'users/{user}/mailFolders/{folder}/messages/delta'
export const FOLDERS_DELTA = 'users/{user}/mailFolders/delta'

/** A world of one impatient clock for both sides, so that Retry-After means the same to both. */
export class FaultWorld extends IncrementalWorld {
  readonly #faultClient: GraphClient

  static override async start(options: SimulatorOptions): Promise<FaultWorld> {
    const clock = impatientClock(40)
    const simulator = await startGraphSimulator({ ...options, clock })
    const limits = { headersMs: PATIENCE_MS, stallMs: PATIENCE_MS }
    const client = await sceneClient(simulator, { clock, limits })
    const scene = new BackupScene()
    await scene.init()
    return new FaultWorld(simulator, client, scene)
  }

  constructor(simulator: GraphSimulator, client: GraphClient, scene: BackupScene) {
    super(simulator, client, scene)
    this.#faultClient = client
  }

  /** One run, whatever it reports. */
  runAnyhow(): Promise<BackupReport> {
    return this.scene.backUp(this.#faultClient)
  }

  served(): Promise<MailState> {
    return servedState(this.simulator)
  }

  async stored({ tree }: BackupReport): Promise<MailState> {
    return storedState(await this.scene.open(), tree)
  }

  async snapshotCount(): Promise<number> {
    const { store, sealer } = await this.scene.open()
    const { snapshots } = await listSnapshots(store, sealer)
    return snapshots.length
  }

  folderId(user: string, folder: string): string {
    return this.simulator.tenant.folder(user, folder).id
  }

  /** Everything fails for one folder's messages; `more` narrows it down to some of its pages. */
  failFolder(user: string, folder: string, more = ''): void {
    const path = idPattern(this.folderId(user, folder))
    this.simulator.faults.add({ kind: 'status', status: 500, match: { path: `${path}/messages/delta.*${more}` } })
  }

  /** The requests of a run must be such as the simulator knows. */
  expectNothingUnknown(): void {
    expect(this.simulator.log.unknown).toEqual([])
  }
}

/** An id as it may stand in a path: characters other than letters and digits may be escaped. */
function idPattern(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, '.{1,3}')
}

/** The lines of a state whose message is not one of these. */
export function without(state: MailState, ids: Iterable<string>): MailState {
  const left = new Set(ids)
  return Object.fromEntries(Object.entries(state).filter(([key]) => !left.has(key.slice(key.lastIndexOf('/') + 1))))
}

/** The lines of a state about these messages. */
export function only(state: MailState, ids: Iterable<string>): MailState {
  const wanted = new Set(ids)
  return Object.fromEntries(Object.entries(state).filter(([key]) => wanted.has(key.slice(key.lastIndexOf('/') + 1))))
}

export function shortIds(ids: Iterable<string>): string[] {
  return [...ids].map(shortId).sort()
}

type Ailment = Omit<FaultRule, 'match'>

const once = { count: 1 } as const

/** Faults that pass, for a request that brings a body. */
const PASSING: readonly Ailment[] = [
  ...[500, 502, 503, 504, 509].map((status) => ({ kind: 'status', status, ...once }) as const),
  { kind: 'status', status: 503, retryAfterSeconds: 1, ...once },
  { kind: 'reset', ...once },
  { kind: 'reset-after', ...once },
  { kind: 'reset-in-body', ...once },
  { kind: 'truncate', ...once },
  { kind: 'stall', ...once },
  { kind: 'stall-in-body', ...once },
  { kind: 'slow', bytesPerSecond: 50_000, ...once },
  { kind: 'empty-not-found', ...once },
  { kind: 'throttle', retryAfterSeconds: 1, retryAfterForm: 'seconds', ...once },
  { kind: 'throttle', retryAfterSeconds: 1, retryAfterForm: 'seconds', status: 503, ...once },
]

/** Of those, the ones that can befall a member of a batch: no connection of its own that could break. */
const IN_BATCH = PASSING.filter(({ kind }) => ['status', 'empty-not-found', 'throttle'].includes(kind))

/** Only a mailbox answers an empty 404 to something that is there. */
const IN_DIRECTORY = PASSING.filter(({ kind }) => kind !== 'empty-not-found')

/** Kinds that a plan for many messages uses, every one of them. */
export const PLANNED: readonly FaultKind[] = [
  ...new Set([...PASSING.map(({ kind }) => kind), 'expire-tokens', 'break-cursor'] as const),
]

/** Permanent, for the messages at these places of a list. */
export function permanentFaults(ids: readonly string[]): FaultRule[] {
  const kinds: readonly Ailment[] = [
    { kind: 'corrupt' },
    { kind: 'unavailable' },
    { kind: 'corrupt', code: 'ErrorCannotOpenFileAttachment' },
    { kind: 'unavailable', status: 503 },
    { kind: 'corrupt', code: 'ErrorMimeContentConversionFailed' },
  ]
  return ids.map((id, place) => ({ ...at(kinds, place), match: { items: [id], method: 'GET' } }))
}

/**
 * Faults spread at random over all that a run asks for, each passing when the request is repeated; none of them may
 * cost anything. A message gets at most three, fewer than the client puts up with.
 */
export function passingFaults(seed: number, ids: readonly string[]): FaultRule[] {
  const random = seededRandom(seed)
  return [
    ...cursorFaults(random),
    ...expiries(random),
    ...spread(random, IN_DIRECTORY, 'users', 4),
    ...spread(random, IN_BATCH, FOLDERS_DELTA, 3),
    ...spread(random, IN_BATCH, 'users/{user}/mailFolders', 3),
    ...spread(random, IN_BATCH, 'users/{user}/mailFolders/{folder}', 9),
    ...spread(random, PASSING, MESSAGES_DELTA, PASSING.length),
    ...contentFaults(random, ids),
  ]
}

/** Throttling whose Retry-After is a date, in both its statuses. */
export function datedFaults(seed: number): FaultRule[] {
  const random = seededRandom(seed)
  const dated = { kind: 'throttle', retryAfterSeconds: 1, retryAfterForm: 'date' } as const
  const faults: readonly Ailment[] = [
    { ...dated, ...once },
    { ...dated, status: 503, ...once },
  ]
  return [MESSAGES_DELTA, FOLDERS_DELTA, CONTENT].flatMap((route) => spread(random, faults, route, faults.length))
}

function contentFaults(random: Random, ids: readonly string[]): FaultRule[] {
  const rules: FaultRule[] = []
  let deck: readonly Ailment[] = []
  for (const id of ids) {
    const faults = random.next() < 0.15 ? 1 + random.below(3) : 0
    for (let dealt = 0; dealt < faults; dealt++) {
      // Dealt like cards, so that every kind has its turn.
      if (deck.length === 0) deck = shuffled(random, PASSING)
      rules.push({ ...at(deck, 0), match: { items: [id], route: CONTENT } })
      deck = deck.slice(1)
    }
  }
  return rules
}

/** The faults one after the other, a few requests between them, so that no request meets too many. */
function spread(random: Random, faults: readonly Ailment[], route: string, count: number): FaultRule[] {
  let skip = 0
  return shuffled(random, faults)
    .slice(0, count)
    .map((fault) => {
      const rule = { ...fault, skip, match: { route } }
      // Only requests that no earlier rule bit count as passed.
      skip += 1 + random.below(2)
      return rule
    })
}

function cursorFaults(random: Random): FaultRule[] {
  const errors = ['SyncStateNotFound', 'resyncRequired', 'SyncStateInvalid'] as const
  return errors.map((cursorError, place) => ({
    kind: 'break-cursor',
    cursorError,
    skip: 2 * place + random.below(2),
    ...once,
    match: { route: MESSAGES_DELTA, path: '/delta\\?.*token=' },
  }))
}

/** Far enough apart that no request is refused for two tokens in a row. */
function expiries(random: Random): FaultRule[] {
  return [10, 120].map((after) => ({ kind: 'expire-tokens', skip: after + random.below(20), ...once }))
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}

function at<T>(list: readonly T[], place: number): T {
  const value = list[place % list.length]
  if (value === undefined) throw new RangeError('an empty list')
  return value
}
