import { loadContract } from './contract-data.ts'
import { sentence } from './finding.ts'
import { SchemaChecks } from './schema-checks.ts'

/** Checks values against the schemas of the published contract. */
export class Contract {
  private readonly checks: SchemaChecks

  constructor(from: string) {
    this.checks = new SchemaChecks(loadContract(from))
  }

  /** What is wrong with the value, each with its place; empty when it fits. */
  problems(name: string, value: unknown): string[] {
    const problems: string[] = []
    this.checks.byName(name)(value, name, name, { add: (finding) => problems.push(sentence(finding)) })
    return problems
  }
}
