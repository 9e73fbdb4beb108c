import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BackupReport } from '../../../src-main/engine/operations/backup/model.ts'
import { isObject } from '../../../src-main/graph/item/fields.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { comparable, comparedTypes, type Comparable } from './comparison.ts'
import { sideEffects } from './side-effects.ts'
import { closeTenants, restoreInto, snapshot, startSource, startTenant, type Tenant } from './tenants.ts'

const kills = 12

const amongTasks = 'places are given among the tasks of one restore: those of the one before have theirs already'
const besides = { planner: { orderHint: amongTasks, '*TaskBoardFormat': amongTasks } }

const random = seededRandom(2026)
/** Where in the restore it is killed, in thousandths of its requests. */
const places = Array.from({ length: kills }, () => Math.floor(random() * 1000))

let from: Tenant
let stored: BackupReport
let requests = 0
let undisturbed: Readonly<Record<string, Comparable>>

beforeAll(async () => {
  from = await startSource()
  stored = await snapshot(from)
  const to = await startTenant('fabrikam.example')
  to.onRequest = () => {
    requests++
  }
  await restoreInto(to, from, stored)
  to.onRequest = () => undefined
  undisturbed = await everythingIn(to)
})

afterAll(closeTenants)

it.each(places)('a restore that is killed after %d ‰ of its requests is completed by the next one', async (place) => {
  const to = await startTenant('fabrikam.example')
  const stop = new AbortController()
  let left = Math.max(1, Math.floor((place / 1000) * requests))
  to.onRequest = () => {
    if (--left === 0) stop.abort()
  }
  await expect(restoreInto(to, from, stored, { signal: stop.signal })).rejects.toThrow()
  const { report } = await restoreInto(to, from, stored)
  expect(report.failures).toEqual([])
  expect(await everythingIn(to)).toEqual(undisturbed)
  expect(sideEffects(to)).toEqual({})
})

async function everythingIn(tenant: Tenant): Promise<Readonly<Record<string, Comparable>>> {
  const { tree } = await snapshot(tenant)
  const all: Record<string, Comparable> = {}
  for (const type of comparedTypes) {
    const facts = await comparable({ tenant, tree, isOriginal: false, besides }, type)
    all[type] = type === 'onedrive' ? withoutDatesOfEmptyFiles(facts) : facts
  }
  return all
}

/**
 * An empty file gets its dates by a second request. When that was not sent any more, the next restore to where things
 * were finds an empty file with other dates, which may be anybody's, and leaves it alone.
 */
function withoutDatesOfEmptyFiles(facts: Comparable): Comparable {
  const kept = Object.entries(facts).map(([path, value]) =>
    isObject(value) && value.size === 0 ? [path, { ...value, fileSystemInfo: null }] : [path, value],
  )
  return Object.fromEntries(kept) as Comparable
}
