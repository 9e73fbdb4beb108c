import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { allExamples, contractFolder, loadContract } from '../../support/graph-simulator-contract/contract-data.ts'
import { OperationIndex } from '../../support/graph-simulator-contract/operations.ts'
import { knownReason } from '../../support/graph-simulator-contract/replay/known-differences.ts'
import { Replay, type Verdict } from '../../support/graph-simulator-contract/replay/replay.ts'
import { SchemaChecks } from '../../support/graph-simulator-contract/schema-checks.ts'
import { simulatedOperations } from '../../support/graph-simulator-contract/simulated-operations.ts'
import { seedsOf, sender, startExampleTenant, substitutesOf } from './examples-tenant.ts'

describe.runIf(contractFolder !== undefined)('the documented examples (skipped without the contract data)', () => {
  const held: { simulator?: GraphSimulator; verdicts?: readonly Verdict[] } = {}

  beforeAll(async () => {
    const folder = contractFolder ?? ''
    const document = loadContract(folder)
    const operations = new OperationIndex(document)
    held.simulator = await startExampleTenant()
    const send = await sender(held.simulator)
    const seeds = await seedsOf(held.simulator, send)
    const substitutes = substitutesOf(held.simulator)
    const replay = new Replay({ operations, checks: new SchemaChecks(document), send, seeds, substitutes })
    held.verdicts = await replay.run(allExamples(folder))
    process.stdout.write(`${summary(held.verdicts, operations)}\n`)
  })

  afterAll(async () => {
    await held.simulator?.close()
  })

  test('are answered as documented', () => {
    const unexpected = (held.verdicts ?? []).filter(
      (verdict) => verdict.outcome === 'differs' && knownReason(verdict) === undefined,
    )
    expect(unexpected.map(({ example, why }) => `${example.method} ${example.url} -> ${why}`)).toEqual([])
  })

  test('are replayed in numbers that tell something', () => {
    const fitting = (held.verdicts ?? []).filter(({ outcome }) => outcome === 'fits')
    expect(fitting.length).toBeGreaterThan(200)
  })
})

function summary(verdicts: readonly Verdict[], operations: OperationIndex): string {
  const count = (outcome: Verdict['outcome']): number =>
    verdicts.filter((verdict) => verdict.outcome === outcome).length
  const reasons = new Map<string, number>()
  for (const verdict of verdicts) {
    const why =
      verdict.outcome === 'skipped'
        ? verdict.why
        : verdict.outcome === 'differs'
          ? (knownReason(verdict) ?? 'differs')
          : undefined
    if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1)
  }
  return [
    `Documented examples: ${String(verdicts.length)}; operations in scope: ${String(operations.names().length)}, simulated: ${String(simulatedOperations(operations).size)}`,
    `  ${String(count('fits'))} answered as documented, ${String(count('differs'))} otherwise, ` +
      `${String(count('refused'))} ask for what the simulator refuses as unknown, ${String(count('skipped'))} not replayed:`,
    ...[...reasons].sort(([, one], [, other]) => other - one).map(([why, number]) => `  ${String(number)} ${why}`),
  ].join('\n')
}
