import { acquireLock, isEngineError, openRepository, type HeldLock, type OpenRepository } from '../../engine/index.ts'
import { errorSentence } from '../../../src-shared/text/errors.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { openDestination, type Destination, type DestinationUse } from './destination.ts'
import { withPlace } from './error-place.ts'
import { repositoryPassphrase, type PassphraseKind } from './passphrase.ts'
import { requiredArgument, type Session } from './session.ts'

/** A repository that was opened with its passphrase, and where it lies. */
export interface OpenedRepository {
  readonly destination: Destination
  readonly repository: OpenRepository
}

/** Opens the repository that the command's first argument names. */
export async function openNamedRepository(session: Session, use: DestinationUse = {}): Promise<OpenedRepository> {
  return await openRepositoryAt(session, requiredArgument(session, 0), use)
}

/** Opens the repository at a place; `kind` is the passphrase that opens it. */
export async function openRepositoryAt(
  session: Session,
  place: string,
  use: DestinationUse = {},
  kind: PassphraseKind = repositoryPassphrase,
): Promise<OpenedRepository> {
  const destination = await openDestination(session, place, use)
  const { store } = destination
  const passphrase = await session.passphrase('open', kind)
  try {
    const repository = await openRepository({ store, passphrase, signal: session.signal })
    destination.opened(repository)
    return { destination, repository }
  } catch (error) {
    throw withPlace(error, store.location)
  }
}

export interface LockChoice {
  readonly exclusive: boolean
  /** A repository that cannot be written to needs no lock to be read: nobody can change it from here. */
  readonly readsOnly: boolean
}

/** For what only reads: beside runs that add, not beside one that removes. */
export const readLock: LockChoice = { exclusive: false, readsOnly: true }

/**
 * Does the work while the repository is locked. Its signal fires when the user wants to stop or when the lock is lost;
 * in the latter case rejects with repository.lock-lost. `confirmLock` rejects so before anything that the lock must not
 * be lost for.
 */
export async function whileLocked<T>(
  session: Session,
  { repository, destination }: OpenedRepository,
  choice: LockChoice,
  work: (signal: AbortSignal, confirmLock: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = await lockUnlessReadOnly(session, repository, choice)
  if (lock === undefined) return work(session.signal, () => Promise.resolve())
  destination.guard(lock)
  try {
    return await work(AbortSignal.any([session.signal, lock.lost]), () => lock.confirm())
  } catch (error) {
    throw lock.lost.aborted && !session.signal.aborted ? lock.lost.reason : error
  } finally {
    destination.guard(undefined)
    await destination.spool?.close()
    await release(session, lock)
  }
}

async function lockUnlessReadOnly(
  session: Session,
  { store, sealer }: OpenRepository,
  { exclusive, readsOnly }: LockChoice,
): Promise<HeldLock | undefined> {
  const { output, signal, retryFor } = session
  const onBlocked = (): void => output.note('The repository is locked; trying again until --retry-lock is over.')
  try {
    return await acquireLock({ store, sealer, clock: systemClock, exclusive, retryFor, onBlocked, signal })
  } catch (error) {
    if (!readsOnly || !isReadOnly(error)) throw error
    output.note('The repository cannot be written to, so it is read without a lock.')
    return undefined
  }
}

function isReadOnly(error: unknown): boolean {
  return isEngineError(error, 'store.read-only') || isEngineError(error, 'store.permission')
}

/** A lock that stays does no harm to what was done: it is said, and the command ends as it would have. */
async function release({ output }: Session, lock: HeldLock): Promise<void> {
  try {
    await lock.release()
  } catch (error) {
    if (!isEngineError(error)) throw error
    output.warn(
      `The lock could not be removed, others take it for abandoned in half an hour. ${errorSentence(error.code, error.context)}`,
    )
  }
}
