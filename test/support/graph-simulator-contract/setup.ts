import { afterAll, afterEach, expect, inject } from 'vitest'
import { observeSimulators } from '../graph-simulator/observer.ts'
import { contractFolder } from './contract-data.ts'
import { reportCoverage } from './coverage.ts'
import { ContractWatch } from './watch.ts'

/**
 * For test files whose simulators run in their own process: whatever these answer, and whatever they are asked, has to
 * fit Microsoft's contract, or the test during which it happened fails. Without the contract data nothing is compared;
 * the run says so once (see `global-setup`).
 */
if (contractFolder !== undefined) {
  const watch = new ContractWatch(contractFolder)
  observeSimulators(watch.observe)
  const compare = (): void => {
    expect(watch.takeViolations(), 'what did not fit the published contract of Graph').toEqual([])
  }
  afterEach(compare)
  afterAll(() => {
    const path = inject('graphContractCoverage')
    if (path !== '') reportCoverage({ path }, { exchanges: watch.exchanges, operations: watch.covered })
    compare()
  })
}
