import { absentPlace } from '../../model/absence.ts'
import { isEngineError, type EngineError, type ErrorCode } from '../../model/errors.ts'
import type { DataTypeRestorer, ItemOutcome, TargetContainer } from '../../ports/restore-target.ts'

const ABSENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([...absentPlace, 'restore.target-not-found'])

/** Stands for the place that is not there. */
interface Absent extends TargetContainer {
  readonly absence: EngineError
}

export interface SeveralRestorers {
  readonly restorers: readonly DataTypeRestorer[]
  /** Throws if the target had a place for none of what was restored. */
  check(): void
}

/** Restorers of several data types: one that the target has no place for fails for its items, and the others go on. */
export function severalRestorers(restorers: readonly DataTypeRestorer[]): SeveralRestorers {
  const failures: EngineError[] = []
  let begun = 0
  const took = (failure: EngineError | undefined): void => {
    if (failure === undefined) begun++
    else failures.push(failure)
  }
  return {
    restorers: restorers.map((restorer) => tolerant(restorer, took)),
    check: () => {
      if (begun === 0 && failures[0] !== undefined) throw failures[0]
    },
  }
}

function tolerant(restorer: DataTypeRestorer, took: (failure: EngineError | undefined) => void): DataTypeRestorer {
  return {
    ...restorer,
    begin: async (root, options, signal) => {
      try {
        const top = await restorer.begin(root, options, signal)
        took(undefined)
        return top
      } catch (error) {
        if (!isEngineError(error) || !ABSENT.has(error.code)) throw error
        took(error)
        const absent: Absent = { id: undefined, path: options.targetFolder.replace(/^\/$/, ''), absence: error }
        return absent
      }
    },
    container: (parent, container, signal) =>
      isAbsent(parent) ? Promise.resolve(parent) : restorer.container(parent, container, signal),
    item: (container, item, signal) =>
      isAbsent(container) ? Promise.resolve(outcomeOf(container)) : restorer.item(container, item, signal),
    finished: async (top, signal) => (isAbsent(top) ? [] : ((await restorer.finished?.(top, signal)) ?? [])),
  }
}

function isAbsent(container: TargetContainer): container is Absent {
  return 'absence' in container && isEngineError(container.absence)
}

function outcomeOf({ absence: { code } }: Absent): ItemOutcome {
  return code === 'graph.not-for-app-only'
    ? { kind: 'skipped', code: 'needs-signed-in-user' }
    : { kind: 'failed', code }
}
