import type { JsonObject } from '../../engine/model/json.ts'
import type { ItemOutcome, RestoreRemark } from '../../engine/ports/restore-target.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchMember } from '../client/types.ts'
import { filledText, list, text } from '../item/fields.ts'
import { addressOf, entriesOf } from './group-metadata.ts'
import { directoryPool } from './group-reading.ts'
import { isRefusal, readTarget, referenceTo, staysSilent } from './group-target.ts'
import type { TargetGroup } from './group-target.ts'

export type Side = 'members' | 'owners'

/** Requests for the group, for its members, and for those who are added 20 at a time. */
export function memberRequests(stored: JsonObject, side: Side): number {
  return 3 + Math.ceil(entriesOf(stored, side).length / 20)
}

/**
 * Adds those who are missing, and removes nobody. Nobody is added where Exchange would mail them for it: Graph has no
 * way to add somebody without. https://learn.microsoft.com/graph/api/group-post-members
 */
export async function restoreMembers(target: TargetGroup, stored: JsonObject, side: Side): Promise<ItemOutcome> {
  const { root, options } = target
  const group = await readTarget(target, ['id', 'groupTypes', 'resourceBehaviorOptions'])
  if (side === 'members' && list(group, 'groupTypes')?.includes('DynamicMembership') === true) {
    return { kind: 'skipped', code: 'members-follow-rule' }
  }
  const { ids, remarks } = counterparts(target, entriesOf(stored, side))
  const present = await presentIds(target, side)
  const missing = ids.filter((id) => !present.has(id.toLowerCase()))
  if (missing.length === 0) return { kind: 'duplicate', remarks }
  if (!(await staysSilent(target, group))) return { kind: 'skipped', code: 'welcome-mail-not-sent' }
  if (options.dryRun) return { kind: 'created', id: root.id, remarks }
  const refused = await add(target, side, missing, group)
  const all = refused === 0 ? remarks : [...remarks, { code: 'member-refused' }]
  return refused === missing.length
    ? { kind: 'duplicate', remarks: all }
    : { kind: 'created', id: root.id, remarks: all }
}

interface Counterparts {
  readonly ids: readonly string[]
  readonly remarks: readonly RestoreRemark[]
}

/** Who stands for the stored people in the target; one remark of each kind, however many are left out. */
function counterparts({ options }: TargetGroup, entries: readonly JsonObject[]): Counterparts {
  const ids = new Set<string>()
  const codes = new Set<string>()
  for (const entry of entries) {
    if (text(entry, 'type') !== undefined) {
      codes.add('member-not-a-person')
      continue
    }
    const mail = filledText(entry, 'mail')
    const id = filledText(entry, 'id')
    const person =
      options.people({ id, address: addressOf(entry) }) ??
      (mail === undefined ? undefined : options.people({ address: mail }))
    if (person === undefined) codes.add('person-unmapped')
    else ids.add(person.id)
  }
  return { ids: [...ids], remarks: [...codes].map((code) => ({ code })) }
}

async function presentIds({ client, root, signal }: TargetGroup, side: Side): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  const path = `${graphPath`/groups/${root.id}`}/${side}`
  const request = { path, query: { $select: 'id', $top: 999 }, pool: directoryPool, cost: 2, signal }
  for await (const page of client.pages<JsonObject>(request))
    for (const member of page.value) ids.add((text(member, 'id') ?? '').toLowerCase())
  return ids
}

/**
 * How many were not taken. Sending one twice does no harm: whoever is there already is refused, and found there
 * afterwards.
 */
async function add(target: TargetGroup, side: Side, ids: readonly string[], group: JsonObject): Promise<number> {
  const { client, root, signal } = target
  const path = `${graphPath`/groups/${root.id}`}/${side}/$ref`
  const requests = ids.map((id): BatchMember => {
    const body = { '@odata.id': referenceTo(group, id) }
    return { method: 'POST', path, body, idempotent: true }
  })
  const answers = await client.batch(requests, { pool: directoryPool, signal })
  const refused = answers.flatMap((answer, index) => {
    if (answer.ok) return []
    const { error } = answer
    if (!isRefusal(error) && error.code !== 'graph.not-found') throw error
    return [ids[index] ?? '']
  })
  if (refused.length === 0) return 0
  const present = await presentIds(target, side)
  return refused.filter((id) => !present.has(id.toLowerCase())).length
}
