import { UsageError } from '../../commands/parts/usage-error.ts'
import type { Handlers, OperationWish } from '../context.ts'
import type { RunningOperation } from './operation.ts'
import type { OperationTable } from './operation-table.ts'
import { readReport } from './read-report.ts'

/** `onStop`: told of what a person stops. */
export function operationHandlers(
  operations: OperationTable,
  onStop: (wish: OperationWish) => void,
): Handlers<'operations.list' | 'operations.result' | 'operations.lines' | 'operations.stop'> {
  return {
    'operations.list': () => Promise.resolve(operations.running().map((operation) => operation.shown())),
    'operations.result': ({ operation }) =>
      withOperation(operations, operation, (found) => Promise.resolve(found.result())),
    'operations.lines': ({ operation, ...asked }, { signal }) =>
      withOperation(operations, operation, async (found) => {
        const { count, rows } = await readReport(found.reportFile, asked, signal)
        return {
          count,
          rows: rows.map(({ problem, ...row }) => ({
            ...row,
            problem: problem === null ? null : { code: problem.code, params: { ...problem.params } },
          })),
        }
      }),
    'operations.stop': ({ operation }) => {
      const stopped = operations.running().find(({ id }) => id === operation)
      if (stopped !== undefined) onStop(stopped.wish)
      operations.stop(operation)
      return Promise.resolve({})
    },
  }
}

/** Rejects with UsageError for one of another process: what came of it is in the history. */
async function withOperation<T>(
  operations: OperationTable,
  id: string,
  work: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const operation = operations.find(id)
  if (operation === undefined)
    throw new UsageError('There is no such operation any more: the history has what came of it.')
  return await work(operation)
}
