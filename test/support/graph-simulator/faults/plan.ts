import { hashText, seededRandom } from '../random.ts'
import type { Random } from '../random.ts'
import { parseId } from '../state/ids.ts'
import type { AppliedFault, FaultRule } from './rules.ts'

interface ActiveRule {
  readonly id: number
  readonly rule: FaultRule
  readonly path: RegExp | undefined
  readonly methods: ReadonlySet<string> | undefined
  readonly items: ReadonlySet<string> | undefined
  readonly random: Random
  readonly perPath: Map<string, number>
  matched: number
  applied: number
}

/** What a rule looks at. */
export interface FaultTarget {
  readonly method: string
  readonly path: string
  readonly queryText: string
  readonly route: string | undefined
  readonly message: string | undefined
  /** A request to the sign-in service: only rules that name it by path or route bite. */
  readonly signIn: boolean
}

/** The rules in force, and a record of every fault applied. */
export class FaultPlan {
  readonly applied: AppliedFault[] = []
  private readonly seed: number
  private readonly now: () => number
  private rules: ActiveRule[] = []
  private nextId = 1

  constructor(seed: number, now: () => number, rules: readonly FaultRule[]) {
    this.seed = seed
    this.now = now
    for (const rule of rules) this.add(rule)
  }

  /** Adds a rule and returns the number to remove it by. */
  add(rule: FaultRule): number {
    const id = this.nextId++
    const { path, method, items } = rule.match ?? {}
    this.rules.push({
      id,
      rule,
      path: path === undefined ? undefined : new RegExp(path),
      methods: method === undefined ? undefined : new Set(typeof method === 'string' ? [method] : method),
      items: items === undefined ? undefined : new Set(items.map(itemKey)),
      random: seededRandom(hashText(`${String(this.seed)}:${String(id)}`)),
      perPath: new Map(),
      matched: 0,
      applied: 0,
    })
    return id
  }

  remove(id: number): void {
    this.rules = this.rules.filter((active) => active.id !== id)
  }

  /** Removes all rules and forgets what was applied. */
  clear(): void {
    this.rules = []
    this.applied.length = 0
  }

  appliedCount(kind?: FaultRule['kind']): number {
    return this.applied.filter((fault) => kind === undefined || fault.kind === kind).length
  }

  /** The first rule that bites this request, recorded as applied. */
  next(target: FaultTarget): FaultRule | undefined {
    for (const active of this.rules) {
      if (!fits(active, target) || !bites(active, target)) continue
      const { method, path } = target
      this.applied.push({ kind: active.rule.kind, name: active.rule.name, method, path, at: this.now() })
      return active.rule
    }
    return undefined
  }
}

function fits(active: ActiveRule, target: FaultTarget): boolean {
  if (target.signIn && active.path === undefined && active.rule.match?.route === undefined) return false
  if (active.methods?.has(target.method) === false) return false
  if (active.rule.match?.route !== undefined && active.rule.match.route !== target.route) return false
  if (active.items !== undefined && (target.message === undefined || !active.items.has(itemKey(target.message)))) {
    return false
  }
  const address = target.queryText === '' ? target.path : `${target.path}?${target.queryText}`
  return active.path === undefined || active.path.test(address)
}

function bites(active: ActiveRule, target: FaultTarget): boolean {
  const { skip = 0, count = Infinity, perPath = Infinity, probability = 1 } = active.rule
  active.matched++
  if (active.matched <= skip || active.applied >= count) return false
  if (probability < 1 && active.random.next() >= probability) return false
  const key = `${target.method} ${target.path}`
  const before = active.perPath.get(key) ?? 0
  if (before >= perPath) return false
  if (perPath !== Infinity) active.perPath.set(key, before + 1)
  active.applied++
  return true
}

/** One key for both ids of a message. */
function itemKey(id: string): string {
  const parsed = parseId(id)
  return parsed.kind === 'message' ? `${parsed.mailbox}:${String(parsed.number)}` : id
}
