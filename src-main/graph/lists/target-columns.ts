import { isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import type { RestoreRemark } from '../../engine/ports/restore-target.ts'
import { filledText } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { graphPath } from '../client/graph-url.ts'
import { canBeMade, columnJson, fits, lookupSource, primaryOf } from './column-json.ts'
import type { LookupTarget } from './column-json.ts'
import { asColumn, columnsOf } from './columns.ts'
import type { Column } from './columns.ts'
import { readSchema } from './schema-reading.ts'
import { cost, listPath, sitePool } from './site.ts'
import type { Site } from './site.ts'
import { columnFor } from './target-lists.ts'

/** Times that a column is created whose creation has an unknown outcome. */
const attempts = 3

/** Which columns of a target list take the values of the stored ones, and what became of those that none takes. */
export class TargetColumns {
  readonly #list: string
  #there: readonly Column[]
  readonly #remarks: RestoreRemark[] = []

  /** `list`: Graph id of the target list; `there`: its columns. */
  constructor(list: string, there: readonly Column[]) {
    this.#list = list
    this.#there = there
  }

  get remarks(): readonly RestoreRemark[] {
    return this.#remarks
  }

  /** The column that takes the values of the stored one. */
  get(stored: Column): Column | undefined {
    const found = columnFor(this.#there, stored)
    return found !== undefined && fits(stored, found) ? found : undefined
  }

  /**
   * Makes the columns that are missing, those that are calculated of others last. Lookups are made where `lookup` knows
   * their list by now; the others are left for later.
   */
  async complete(
    site: Site,
    columns: readonly Column[],
    lookup: (stored: Column) => LookupTarget | undefined,
  ): Promise<void> {
    for (const stored of columnOrder(columns)) {
      const there = columnFor(this.#there, stored)
      if (there !== undefined && !fits(stored, there)) this.#remark('list-column-differs', stored)
      if (there !== undefined) continue
      if (!canBeMade(stored)) this.#remark('list-column-not-restored', stored)
      else if (stored.kind !== 'lookup') await this.#make(site, stored, columnJson(stored))
      else {
        const target = lookup(stored)
        const primary = this.#primary(stored, columns)
        if (target === undefined || primary === null) continue
        await this.#make(site, stored, columnJson(stored, { ...target, primaryLookupColumnId: primary }))
      }
    }
  }

  /** Lookups for whose list nothing was found. */
  giveUp(columns: readonly Column[]): void {
    for (const stored of columns)
      if (stored.kind === 'lookup' && columnFor(this.#there, stored) === undefined)
        this.#remark('list-lookup-lost', stored)
  }

  /** The title of a new list gets the name that it had, and need not be filled in where it needed not. */
  async adjustTitle(site: Site, stored: Column | undefined): Promise<void> {
    const title = this.#there.find(({ name }) => name === 'Title')
    if (stored === undefined || title === undefined) return
    const required = stored.definition.required === true
    if (stored.displayName === title.displayName && required === (title.definition.required === true)) return
    const { client, root, signal } = site
    const path = `${listPath(root.id, this.#list)}${graphPath`/columns/${title.id}`}`
    const body = { displayName: stored.displayName, required }
    try {
      await client.json<JsonObject>({ method: 'PATCH', path, body, pool: sitePool, cost: cost.write, signal })
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#remark('list-column-refused', stored)
    }
  }

  /** Undefined: it is no secondary column. Null: the column that it goes with is not there. */
  #primary(stored: Column, columns: readonly Column[]): string | undefined | null {
    const id = primaryOf(stored)
    if (id === undefined) return undefined
    const primary = columns.find((column) => column.id === id)
    return (primary === undefined ? undefined : columnFor(this.#there, primary)?.id) ?? null
  }

  async #make(site: Site, stored: Column, body: JsonObject): Promise<void> {
    try {
      this.#there = [...this.#there, await this.#create(site, stored, body)]
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#remark('list-column-refused', stored)
    }
  }

  async #create(site: Site, stored: Column, body: JsonObject): Promise<Column> {
    const { client, root, signal } = site
    const path = `${listPath(root.id, this.#list)}/columns`
    for (let left = attempts; ; left -= 1) {
      try {
        const made = asColumn(
          await client.json<JsonObject>({ method: 'POST', path, body, pool: sitePool, cost: cost.write, signal }),
        )
        // Lists do not tell all kinds.
        return { ...stored, id: made.id, name: made.name === '' ? stored.name : made.name }
      } catch (error) {
        if (!hasUnknownOutcome(error) && !isEngineError(error, 'graph.conflict')) throw error
        const there = columnsOf({ columns: (await readSchema(site, this.#list)).columns })
        const found = columnFor(there, stored)
        if (found !== undefined) return { ...found, kind: found.kind ?? stored.kind }
        if (left <= 1) throw error
      }
    }
  }

  #remark(code: string, { displayName }: Column): void {
    if (!this.#remarks.some((remark) => remark.code === code && remark.detail === displayName))
      this.#remarks.push({
        code,
        ...(filledText({ displayName }, 'displayName') === undefined ? {} : { detail: displayName }),
      })
  }
}

/** Graph does not want it so, or the sign-in may not change lists. */
function isRefusal(error: unknown): boolean {
  return (
    isEngineError(error, 'graph.request-refused') ||
    isEngineError(error, 'graph.forbidden') ||
    isEngineError(error, 'graph.conflict')
  )
}

/** What others are needed for comes before them. */
export function columnOrder(columns: readonly Column[]): readonly Column[] {
  const rank = (column: Column): number => {
    if (column.kind === 'calculated') return 3
    return lookupSource(column) === undefined ? 0 : primaryOf(column) === undefined ? 1 : 2
  }
  return columns.toSorted((one, other) => rank(one) - rank(other))
}
