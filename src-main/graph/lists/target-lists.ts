import { EngineError, isEngineError } from '../../engine/model/errors.ts'
import type { JsonObject } from '../../engine/model/json.ts'
import { nameKey } from '../../../src-shared/model/safe-name.ts'
import { graphPath } from '../client/graph-url.ts'
import { isObject, text } from '../item/fields.ts'
import { hasUnknownOutcome } from '../item/outcome.ts'
import { columnsOf } from './columns.ts'
import type { Column } from './columns.ts'
import { columnJson, fits } from './column-json.ts'
import { treatmentOf } from './list-kinds.ts'
import { readSchema } from './schema-reading.ts'
import { cost, readLists, sitePool, templateOf } from './site.ts'
import type { Site } from './site.ts'

/** Times that a list is created whose creation has an unknown outcome. */
const attempts = 3

/** Numbers tried behind a name that something else holds. */
const numbers = 50

/** Template of lists without anything of their own. */
const plainTemplate = 'genericList'

/** A list of the target as it was found or made. */
export interface TargetList {
  /** Graph id; undefined in a dry run, where it would have been created. */
  readonly id: string | undefined
  readonly name: string
  /** Nothing is in it yet. */
  readonly isNew: boolean
  readonly columns: readonly Column[]
  /** Ids by name; the first one is what items have unless they say otherwise. */
  readonly contentTypes: ReadonlyMap<string, string>
  /** Its template was refused, so it is a plain list. */
  readonly isPlain: boolean
}

/** What is wanted of a list. */
export interface WantedList {
  readonly name: string
  /** Graph id of the list in the source: stands for it, and is the list itself where nothing was moved. */
  readonly source: string
  /** Whether the list may be the very one that is stored. */
  readonly mayBeItself: boolean
  readonly description: string
  readonly template: string
  /** Columns that hold values, and those that can be made together with the list. */
  readonly columns: readonly Column[]
  readonly atOnce: readonly Column[]
}

/** The lists of the target site: read once, created one at a time. */
export class TargetLists {
  #lists: readonly JsonObject[] = []
  /** By name key: the list of the snapshot that a name was given to. */
  readonly #claims = new Map<string, string>()
  #busy: Promise<unknown> = Promise.resolve()

  async load(site: Site): Promise<void> {
    this.#lists = await readLists(site, site.root.id)
  }

  /** As Graph gives them, libraries and those of the system included. */
  get all(): readonly JsonObject[] {
    return this.#lists
  }

  /** Graph id of a list that is there already, by its id or else its name. */
  find(id: string, name: string | undefined): string | undefined {
    const byId = this.#lists.find((entry) => text(entry, 'id') === id)
    const byName = name === undefined ? undefined : this.#named(name)
    const found = byId ?? (byName !== undefined && treatmentOf(byName) === 'read' ? byName : undefined)
    return found && text(found, 'id')
  }

  /**
   * The list for one of the snapshot: itself, one of its name whose columns fit, or a new one. Lists of one name stay
   * apart; a name that a library or a list with other columns has gets a number.
   */
  async ensure(site: Site, wanted: WantedList, dryRun: boolean): Promise<TargetList> {
    const work = (): Promise<TargetList> => this.#ensure(site, wanted, dryRun)
    const mine = this.#busy.then(work, work)
    this.#busy = mine
    return await mine
  }

  async #ensure(site: Site, wanted: WantedList, dryRun: boolean): Promise<TargetList> {
    const itself = wanted.mayBeItself ? this.#lists.find((entry) => text(entry, 'id') === wanted.source) : undefined
    if (itself !== undefined) return await this.#open(site, itself)
    for (let number = 1; number <= numbers; number += 1) {
      const name = number === 1 ? wanted.name : `${wanted.name} (${number})`
      const holder = this.#claims.get(nameKey(name)) ?? wanted.source
      if (holder !== wanted.source) continue
      const there = this.#named(name)
      if (there !== undefined && treatmentOf(there) !== 'read') continue
      const found = there === undefined ? undefined : await this.#open(site, there)
      if (found !== undefined && !hasRoomFor(found, wanted)) continue
      this.#claims.set(nameKey(name), wanted.source)
      if (found !== undefined) return found
      if (dryRun) return { id: undefined, name, isNew: true, columns: [], contentTypes: new Map(), isPlain: false }
      return await this.#create(site, wanted, name)
    }
    throw new EngineError('graph.conflict')
  }

  #named(name: string): JsonObject | undefined {
    return this.#lists.find((entry) => nameKey(text(entry, 'displayName') ?? '') === nameKey(name))
  }

  async #open(site: Site, entry: JsonObject, isNew = false, isPlain = false): Promise<TargetList> {
    const id = text(entry, 'id') ?? ''
    const schema = await readSchema(site, id)
    const types = schema.contentTypes.map((type) => [text(type, 'name') ?? '', text(type, 'id') ?? ''] as const)
    return {
      id,
      name: text(entry, 'displayName') ?? '',
      isNew,
      columns: columnsOf({ columns: schema.columns }),
      contentTypes: new Map(types),
      isPlain,
    }
  }

  async #create(site: Site, wanted: WantedList, name: string): Promise<TargetList> {
    const forms = formsOf(wanted)
    for (let left = attempts; ;) {
      const [form] = forms
      if (form === undefined) throw new EngineError('graph.request-refused')
      try {
        const made = await post(site, wanted, name, form)
        this.#lists = [...this.#lists, made]
        return await this.#open(site, made, true, form.template !== wanted.template)
      } catch (error) {
        if (isEngineError(error, 'graph.request-refused') && forms.length > 1) {
          forms.shift()
          continue
        }
        if (!hasUnknownOutcome(error) && !isEngineError(error, 'graph.conflict')) throw error
        await this.load(site)
        const there = this.#named(name)
        if (there !== undefined && treatmentOf(there) === 'read')
          return await this.#open(site, there, true, templateOf(there) !== wanted.template)
        // Something in it conflicts, then: a column that the template brings along.
        if (isEngineError(error, 'graph.conflict') && forms.length > 1) forms.shift()
        else left -= 1
        if (left <= 0) throw error
      }
    }
  }
}

interface Form {
  readonly template: string
  readonly columns: readonly Column[]
}

/** As it was; then without its columns, which are tried one by one; then as a plain list. */
function formsOf({ template, atOnce }: WantedList): Form[] {
  const own = template === '' ? plainTemplate : template
  const forms: Form[] = [
    { template: own, columns: atOnce },
    ...(atOnce.length === 0 ? [] : [{ template: own, columns: [] }]),
    ...(own === plainTemplate ? [] : [{ template: plainTemplate, columns: [] }]),
  ]
  return forms
}

async function post(site: Site, wanted: WantedList, name: string, form: Form): Promise<JsonObject> {
  const { client, root, signal } = site
  const body = {
    displayName: name,
    ...(wanted.description === '' ? {} : { description: wanted.description }),
    list: { template: form.template },
    ...(form.columns.length === 0 ? {} : { columns: form.columns.map((column) => columnJson(column)) }),
  }
  const path = graphPath`/sites/${root.id}/lists`
  const made = await client.json<JsonObject>({ method: 'POST', path, body, pool: sitePool, cost: cost.write, signal })
  // What is asked of lists elsewhere is in the answer, but need not be.
  return { ...made, displayName: name, list: isObject(made.list) ? made.list : { template: form.template } }
}

/** Whether no column of the list is in the way of one that is wanted. */
function hasRoomFor({ columns }: TargetList, wanted: WantedList): boolean {
  return wanted.columns.every((column) => {
    const there = columnFor(columns, column)
    return there === undefined || fits(column, there)
  })
}

/** The column of a list that takes the values of a stored one. */
export function columnFor(columns: readonly Column[], stored: Column): Column | undefined {
  const name = stored.name.toLowerCase()
  return (
    columns.find((column) => column.name.toLowerCase() === name) ??
    columns.find(
      (column) => column.displayName === stored.displayName && column.kind === stored.kind && !column.readOnly,
    )
  )
}
