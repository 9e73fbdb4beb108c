import type { AnsweredRequest } from '../graph-simulator/observer.ts'
import { loadContract } from './contract-data.ts'
import { checkExchange, type ContractParts, type Violation } from './exchange.ts'
import { isKnown } from './known-differences.ts'
import { OperationIndex } from './operations.ts'
import { SchemaChecks } from './schema-checks.ts'

/** Compares whatever a simulator answers with the contract, and remembers what did not fit. */
export class ContractWatch {
  /** Operations that were answered with success. */
  readonly covered = new Set<string>()
  exchanges = 0
  private readonly folder: string
  private made: ContractParts | undefined
  private readonly found = new Map<string, Violation>()

  constructor(folder: string) {
    this.folder = folder
  }

  get parts(): ContractParts {
    if (this.made !== undefined) return this.made
    const document = loadContract(this.folder)
    this.made = { operations: new OperationIndex(document), checks: new SchemaChecks(document, { sample: true }) }
    return this.made
  }

  readonly observe = (exchange: AnsweredRequest): void => {
    this.exchanges++
    const { operation, violations } = checkExchange(this.parts, exchange)
    if (operation !== undefined && exchange.answer.status < 400) this.covered.add(operation)
    for (const violation of violations) {
      if (!isKnown(violation)) this.found.set(keyOf(violation), violation)
    }
  }

  /** What did not fit since it was last asked for, in sentences; each kind once. */
  takeViolations(): readonly string[] {
    const sentences = [...this.found.values()].map(
      ({ operation, side, place, says, about }) => `${operation}, ${side}: ${place} ${says} (${about})`,
    )
    this.found.clear()
    return sentences
  }
}

function keyOf({ operation, side, about, kind }: Violation): string {
  return `${operation} ${side} ${about} ${kind}`
}
