import type { z } from 'zod'
import type { HostMethod, ParamsOf, ValueOf } from '../../src-shared/ipc/contract.ts'
import type { internalMethods, hostTopics } from '../../src-shared/ipc/contract/internal.ts'
import type { Operation } from '../../src-shared/ipc/contract/operations.ts'
import type { ExitCode } from '../commands/parts/exit-codes.ts'
import type { OpenedRepository } from '../commands/parts/repository.ts'
import type { Session } from '../commands/parts/session.ts'
import type { Catalog } from '../engine/index.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'

export type InternalMethod = keyof typeof internalMethods
type InternalParams<M extends InternalMethod> = z.infer<(typeof internalMethods)[M]['params']>
type InternalValue<M extends InternalMethod> = z.infer<(typeof internalMethods)[M]['value']>

/** One question of main. */
export interface Call {
  /** Fires when nobody waits for the answer any more, and when the host stops. */
  readonly signal: AbortSignal
}

export type Handler<Params, Value> = (params: Params, call: Call) => Promise<Value>

/** An answer for each of some methods of the contract: `Handlers<'operations.list' | 'operations.stop'>`. */
export type Handlers<Method extends HostMethod> = {
  readonly [M in Method]: Handler<ParamsOf<M>, ValueOf<M>>
}

/** The same for what main asks for itself. */
export type InternalHandlers<Method extends InternalMethod> = {
  readonly [M in Method]: Handler<InternalParams<M>, InternalValue<M>>
}

export type HostTopic = keyof typeof hostTopics
export type HostEvent<Topic extends HostTopic> = z.infer<(typeof hostTopics)[Topic]>

/** Options of the command line by their names without dashes in front, as `settings/model.ts` has them. */
export type GivenOptions = Readonly<Record<string, string | boolean | readonly string[]>>

/** What a call of a command needs to know. */
export interface SessionWish {
  readonly signal: AbortSignal
  /** The command's arguments; the first one is the place, where it has one. */
  readonly args?: readonly string[]
  /** What the command line would give, e.g. { account: 'Work', 'target-folder': 'Restored' }. */
  readonly options?: GivenOptions
  /** Whose passphrase opens repositories. Default: the first argument. */
  readonly place?: string
  /** What `session.passphrase` gives for a new one, and for what opens it if it is not the one that is kept. */
  readonly passphrases?: { readonly open?: string; readonly new?: string }
}

/** A session that whoever asked for it closes: the connections are shared, and stay open for a while. */
export interface HostSession extends Session {
  close(): Promise<void>
}

/** A repository that is open. */
export interface OpenPlace extends OpenedRepository {
  /** The session in which it was opened; its output goes nowhere. */
  readonly session: Session
  /** In step with the repository as of when it was asked for. For reading only. */
  readonly catalog: Catalog
  /** To be called once, when it is not needed any more. It stays open for a while for the next one. */
  readonly release: () => void
}

/** A line of an operation's report. */
export interface ReportLine {
  readonly path: string
  /** e.g. created, duplicate, failed, skipped, damaged. */
  readonly outcome: string
  /** An error's code, if it failed. */
  readonly code?: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
  readonly messages?: readonly string[]
}

export interface OperationWish {
  readonly kind: Operation['kind']
  readonly place: string
  /** The plan that it runs. */
  readonly plan: { readonly id: string; readonly name: string } | null
  readonly dryRun: boolean
  /** Options and arguments of the operation's session; the place is its first argument unless there are others. */
  readonly options?: GivenOptions
  readonly args?: readonly string[]
  /**
   * What must not go on twice at a time; starting rejects with `settings.busy` if something of the same word does.
   * Default: nothing keeps it waiting. Operations that write to a repository give the place.
   */
  readonly alone?: string
}

/** What an operation does beside calling commands with its session. */
export interface OperationWork {
  readonly id: string
  /**
   * Its output becomes the operation's result: the last `summary` object its figures, warnings and notes its remarks, `error`
   * objects lines of its report. Its progress becomes the operation's. Its signal fires when the operation is to stop.
   */
  readonly session: Session
  /** Adds to the report. */
  line(line: ReportLine): void
  remark(text: string): void
  /** Adds to the figures. */
  figures(figures: Readonly<Record<string, string | number | boolean>>): void
}

export interface Operations {
  /** Begins an operation and gives its id at once. What the work rejects with becomes the operation's problem. */
  start(
    wish: OperationWish,
    work: (operation: OperationWork) => Promise<ExitCode>,
  ): Promise<{ readonly operation: string }>
}

/** What all answers of the host share. */
export interface HostContext {
  readonly profile: string
  readonly clock: Clock
  readonly operations: Operations
  /** Accounts, their secrets, and passphrases: the keychain, or the vault that HOLDFAST_VAULT names. */
  secretStore(): Promise<SecretStore>
  sessionFor(wish: SessionWish): HostSession
  /**
   * Opens the repository with the passphrase that is kept for it, and its catalog. `fresh`: looks for snapshots that
   * others made, however short ago the last look was. Rejects like `openRepositoryAt`.
   */
  openPlace(place: string, signal: AbortSignal, options?: { readonly fresh?: boolean }): Promise<OpenPlace>
  /** Forgets what was read of a repository: something has changed there. */
  placeChanged(place: string): void
  emit<Topic extends HostTopic>(topic: Topic, value: HostEvent<Topic>): void
}
