import type { JsonObject, JsonValue } from '../../../src-main/engine/model/json.ts'
import type { HexId } from '../../../src-main/engine/model/ids.ts'
import { describers } from '../../../src-main/commands/parts/data-types.ts'
import type { ItemDescriber, Root } from '../../../src-main/engine/ports/data-type.ts'
import { isObject } from '../../../src-main/graph/item/fields.ts'
import { propertiesOf } from '../../../src-main/graph/item/metadata.ts'
import { rootPath } from '../../../src-main/engine/model/root-path.ts'
import { digest, inCommonTerms, type Terms } from './common-terms.ts'
import { asRestored, serverAssigned, type Assigned } from './server-assigned.ts'
import { readType, type SnapshotItem, type SnapshotType } from './stored.ts'
import { source } from './scenario.ts'
import type { Tenant } from './tenants.ts'

/** Everything of one data type that two users have to have in common: by container path and a key without ids. */
export type Comparable = Readonly<Record<string, JsonValue>>

type Kind = 'container' | 'item'

/** What decides how two roots of a kind are compared. */
export interface Rules {
  /** Fields that are not compared, by data type. */
  readonly assigned: Readonly<Record<string, Assigned>>
  /** The form in which something comes back that Graph cannot take back as it was; undefined if it does not. */
  readonly asRestored: (folder: string, kind: Kind, item: SnapshotItem) => SnapshotItem | undefined
  readonly inCommonTerms: (kind: Kind, folder: string) => Terms
}

const ofUsers: Rules = { assigned: serverAssigned, asRestored, inCommonTerms }

export interface Side {
  readonly tenant: Tenant
  /** The tenant's user unless told. */
  readonly root?: Root
  /** Those for users unless told. */
  readonly rules?: Rules
  /** Words of this tenant, and what stands for them in both: ids, addresses. */
  readonly words?: readonly (readonly [string, string])[]
  readonly tree: HexId
  /** The user that everything came from: what Graph cannot take back is compared in the form in which it comes back. */
  readonly isOriginal: boolean
  /** Further fields of items that are not compared, by data type, with the reasons. */
  readonly besides?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Takes the rows of the table that were of use: `<data type> <container or item> <path>`. */
  readonly used?: Set<string>
}

/** Data types that come back; chats do not. */
export const comparedTypes: readonly string[] = describers.user
  .map(({ folder }) => folder)
  .filter((folder) => folder !== 'chats')

export async function comparable(side: Side, folder: string): Promise<Comparable> {
  const { tenant, tree, isOriginal, root = tenant.root, rules = ofUsers } = side
  const describer = describers[root.kind].find((each) => each.folder === folder)
  if (describer === undefined) throw new Error(`no data type ${folder}`)
  const repository = await tenant.scene.open()
  const held = await readType(repository, tree, rootPath(root), describer)
  const comparison = new Comparison({ ...side, root, rules }, describer, held)
  const entries: (readonly [string, JsonValue])[] = []
  const take = async (kind: Kind, key: string, item: SnapshotItem): Promise<void> => {
    const kept = isOriginal ? rules.asRestored(folder, kind, item) : item
    if (kept !== undefined) entries.push([comparison.named(key), await comparison.facts(kind, kept)])
  }
  for (const { path, metadata } of held.containers) {
    const container = { container: path, metadata, content: undefined, parts: new Map<string, Uint8Array>() }
    await take('container', `${path.join('/')} (container)`, container)
  }
  for (const item of held.items) await take('item', `${item.container.join('/')}/${titleOf(describer, item)}`, item)
  return numbered(entries)
}

function titleOf(describer: ItemDescriber, { metadata, content }: SnapshotItem): string {
  return describer.row(metadata, content?.length ?? 0).title
}

interface Row {
  readonly name: string
  readonly pattern: RegExp
}

type WholeSide = Side & Required<Pick<Side, 'root' | 'rules'>>

class Comparison {
  readonly #side: WholeSide
  readonly #describer: ItemDescriber
  readonly #held: SnapshotType
  readonly #rows: Readonly<Record<Kind, readonly Row[]>>

  constructor(side: WholeSide, describer: ItemDescriber, held: SnapshotType) {
    const { folder } = describer
    const { container, item } = side.rules.assigned[folder] ?? { container: {}, item: {} }
    this.#side = side
    this.#describer = describer
    this.#held = held
    this.#rows = {
      container: rows(`${folder} container`, container),
      item: rows(`${folder} item`, { ...item, ...side.besides?.[folder] }),
    }
  }

  async facts(kind: Kind, item: SnapshotItem): Promise<JsonValue> {
    const { metadata, content, parts } = item
    const own: JsonObject =
      kind === 'container'
        ? propertiesOf(metadata)
        : {
            'o365:Type': metadata['o365:Type'] ?? '',
            ...propertiesOf(metadata),
            'o365:content': content === undefined ? null : digest(content),
            'o365:parts': [...parts].map(([name, bytes]) => `${name}: ${digest(bytes)}`).sort(),
          }
    const terms = this.#side.rules.inCommonTerms(kind, this.#describer.folder)
    const common = await terms(own, item, this.#held)
    return this.#stripped(this.#anonymous(common), '', this.#rows[kind])
  }

  /** In the words that both sides have in common. */
  named(key: string): string {
    const { words = [] } = this.#side
    return words.reduce((text, [word, common]) => text.replaceAll(word, common), key)
  }

  /** People by who they are and services by what they are, whatever their tenant calls them. */
  #anonymous(value: JsonObject): JsonObject {
    const { simulator, root } = this.#side.tenant
    const domain = root.name.split('@')[1] ?? ''
    let text = JSON.stringify(value)
      .replaceAll(`@${domain}`, `@${source}`)
      .replaceAll(simulator.graphBaseUrl, 'https://graph')
    for (const { id, displayName } of simulator.tenant.users()) text = text.replaceAll(id, `id of ${displayName}`)
    return JSON.parse(this.named(text)) as JsonObject
  }

  #stripped(value: JsonValue, path: string, all: readonly Row[]): JsonValue {
    if (Array.isArray(value)) return value.map((one: JsonValue) => this.#stripped(one, `${path}[]`, all))
    if (!isObject(value)) return value
    const inside = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const isKept = (name: string): boolean => {
      const row = all.find(({ pattern }) => pattern.test(inside(name)))
      if (row !== undefined) this.#side.used?.add(row.name)
      return row === undefined
    }
    const kept = Object.entries(value)
      .filter(([name]) => isKept(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
    return Object.fromEntries(kept.map(([name, inner]) => [name, this.#stripped(inner, inside(name), all)]))
  }
}

/** Things of one key are told apart by what they are. */
function numbered(entries: readonly (readonly [string, JsonValue])[]): Comparable {
  const all: Record<string, JsonValue> = {}
  const groups = Map.groupBy(entries, ([key]) => key)
  for (const [key, group] of [...groups].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const values = group.map(([, value]) => JSON.stringify(value)).sort()
    for (const [index, value] of values.entries())
      all[group.length === 1 ? key : `${key} (${String(index + 1)})`] = JSON.parse(value) as JsonValue
  }
  return all
}

function rows(of: string, paths: Readonly<Record<string, string>>): readonly Row[] {
  return Object.keys(paths).map((path) => ({ name: `${of} ${path}`, pattern: pathPattern(path) }))
}

/** All rows of a table of what the server assigns. */
export function tableRows(table: Rules['assigned'] = serverAssigned): readonly string[] {
  return Object.entries(table).flatMap(([folder, { container, item }]) =>
    [...rows(`${folder} container`, container), ...rows(`${folder} item`, item)].map(({ name }) => name),
  )
}

/** `a.b`, `a[].b`, `a.*.b`; a leading `**.` stands for any depth. */
function pathPattern(path: string): RegExp {
  const text = path
    .replace(/^\*\*\./, '\u0000')
    .replaceAll(/[.[\]]/g, String.raw`\$&`)
    .replaceAll('*', '.+')
    .replace('\u0000', String.raw`(?:.*\.)?`)
  return new RegExp(`^${text}$`)
}
