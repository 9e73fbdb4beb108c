import type { TestProject } from 'vitest/node'
import { contractFolder, loadContract } from './contract-data.ts'
import { makeCoverageFolder, takeCoverage, type CoverageFolder } from './coverage.ts'
import { OperationIndex } from './operations.ts'
import { simulatedOperations } from './simulated-operations.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder for what the test files cover of the contract; empty when there is no contract to compare with. */
    readonly graphContractCoverage: string
  }
}

const held: { folder?: CoverageFolder; index?: OperationIndex } = {}

/** Makes room for the coverage of a run. */
export function setup({ provide }: TestProject): void {
  if (contractFolder === undefined) {
    provide('graphContractCoverage', '')
    process.stdout.write('The contract data (../shared/graph) is not there: the simulator is not compared with it.\n')
    return
  }
  held.folder = makeCoverageFolder()
  held.index = new OperationIndex(loadContract(contractFolder))
  provide('graphContractCoverage', held.folder.path)
}

/** Prints what the run covered. */
export function teardown(): void {
  const { folder, index } = held
  if (folder === undefined || index === undefined) return
  const { exchanges, operations } = takeCoverage(folder)
  const simulated = simulatedOperations(index)
  const asked = [...operations].filter((name) => simulated.has(name))
  process.stdout.write(
    `Graph's contract: ${String(index.names().length)} operations in scope, ${String(simulated.size)} simulated, ` +
      `${String(asked.length)} of them covered by this run; ${String(exchanges)} requests and answers compared.\n`,
  )
}
