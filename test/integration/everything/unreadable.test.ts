import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describers, readersOf } from '../../../src-main/commands/parts/data-types.ts'
import type { JsonObject, JsonValue } from '../../../src-main/engine/model/json.ts'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import type { DataTypeReader } from '../../../src-main/engine/ports/data-type.ts'
import { isObject } from '../../../src-main/graph/item/fields.ts'
import { reasonText } from '../../../src-shared/text/reasons.ts'
import { digest } from './common-terms.ts'
import { readType } from './stored.ts'
import { owner } from './scenario.ts'
import {
  closeTenants,
  fileVersions,
  ofUsers,
  snapshot,
  startSource,
  types,
  withNewRepository,
  type Tenant,
} from './tenants.ts'
import { beset, type Trouble } from './troubles.ts'

let from: Tenant
let troubles: readonly Trouble[]
let first: BackupReport
let second: BackupReport
let stored: Stored
let storedLater: Stored
/** What a run without any trouble would have stored. */
let whole: Stored

/** By data type, container and title: everything that is stored of an item. */
type Stored = ReadonlyMap<string, string>

beforeAll(async () => {
  from = await startSource()
  const { faults, all, vanishing } = beset(from.simulator)
  troubles = all
  const readers = readersOf(ofUsers(types), { client: from.client, fileVersions }).user.map((reader) =>
    losing(reader, vanishing),
  )
  first = await snapshot(from, { readers })
  stored = await storedIn(from, first)
  for (const fault of faults) from.simulator.faults.remove(fault)
  for (const { heal } of all) heal?.()
  second = await snapshot(from)
  storedLater = await storedIn(from, second)
  const fresh = await withNewRepository(from)
  whole = await storedIn(fresh, await snapshot(fresh))
})

afterAll(closeTenants)

describe('a run that meets something unreadable of each kind', () => {
  it('ends, and names each of them in plain words', () => {
    const { unread, notRefreshed, notices } = first
    const named = [...unread.map(({ folder, code }) => [folder, code]), ...[...notRefreshed, ...notices].map(pair)]
    const expected = troubles.flatMap(({ folder, code }) => (code === undefined ? [] : [[folder, code]]))
    expect(named.map(String).sort()).toEqual(expected.map(String).sort())
    for (const [, code = ''] of named) expect(reasonText(code)).not.toContain('it failed')
  })

  it('stores all their neighbours', () => {
    const missing = [...whole.keys()].filter((key) => !stored.has(key))
    expect(missing.sort()).toEqual(troubles.flatMap(({ missing: keys }) => keys ?? []).sort())
    const partial = [...stored].filter(([key, value]) => whole.has(key) && whole.get(key) !== value)
    expect(partial.map(([key]) => key).sort()).toEqual(troubles.flatMap(({ partial: keys }) => keys ?? []).sort())
  })

  it('has nothing of what was gone before it could be read', () => {
    expect([...stored.keys()].filter((key) => !whole.has(key))).toEqual([])
  })

  it('is made good by the next one', () => {
    expect(second).toMatchObject({ unread: [], notRefreshed: [] })
    expect(storedLater).toEqual(whole)
  })
})

function pair({ path, code }: { readonly path: string; readonly code: string }): readonly string[] {
  // Notices on items end in the item's short id.
  return [path.replace(/ ~[a-z2-7]{10}$/, ''), code]
}

/** A reader whose items vanish just before they are read. */
function losing(reader: DataTypeReader, vanishing: ReadonlyMap<string, () => void>): DataTypeReader {
  return {
    ...reader,
    body: (root, container, item, signal) => {
      vanishing.get(item.id)?.()
      return reader.body(root, container, item, signal)
    },
  }
}

async function storedIn({ scene }: Tenant, { tree }: BackupReport): Promise<Stored> {
  const repository = await scene.open()
  const all = new Map<string, string>()
  for (const describer of describers.user) {
    const { items } = await readType(repository, tree, `users/${owner}`, describer)
    for (const { container, metadata, content, parts } of items) {
      const { title } = describer.row(metadata, content?.length ?? 0)
      const path = `${describer.folder}/${container.join('/')}/${title}`
      const files = [...parts].map(([name, bytes]) => `${name}: ${digest(bytes)}`)
      const own = content === undefined ? null : digest(content)
      all.set(all.has(path) ? `${path} (2)` : path, lasting({ ...metadata, own, files }))
    }
  }
  return all
}

/**
 * As text, whatever the order of the fields. A file that is asked for alone has a cTag, in a delta it has none. A picture
 * in a chat gets its extension from its first bytes, and keeps the name that it got without them.
 */
function lasting(metadata: JsonObject): string {
  const text = JSON.stringify(metadata, (name, value: JsonValue) => {
    if (name === 'cTag') return undefined
    return isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value
  })
  return text.replaceAll(/(inline-\d+)\.\w+/g, '$1')
}
