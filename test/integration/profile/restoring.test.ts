import { describe, expect, test } from 'vitest'
import type { RestoreRemark } from '../../../src-main/engine/ports/restore-target.ts'
import { writes } from '../contacts/contacts-fixture.ts'
import { ada } from '../mail/mailbox-fixture.ts'
import {
  account,
  editable,
  grace,
  newBoss,
  personal,
  photo,
  propertiesOf,
  read,
  restore,
  sourceWorld,
  targetWorld,
} from './profile-fixture.ts'

function only<T>(outcomes: ReadonlyMap<string, T>): T {
  const [outcome] = [...outcomes.values()]
  if (outcome === undefined || outcomes.size !== 1) throw new Error('not one outcome')
  return outcome
}

const remarked = (outcome: { readonly kind: string; readonly remarks?: readonly RestoreRemark[] }): readonly string[] =>
  (outcome.remarks ?? []).map(({ code, detail }) => (detail === undefined ? code : `${code} ${detail}`))

describe('a profile', () => {
  test('is left alone unless it is asked for', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = await read(source, ada)
    target.simulator.log.clear()
    expect(only(await restore(target, held, ['versions', 'rules']))).toEqual({
      kind: 'skipped',
      code: 'only-on-request',
    })
    expect(target.simulator.log.entries()).toEqual([])
  })

  test('comes back field by field for a user of another tenant; the account is not touched', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const before = propertiesOf(target, grace, account)
    const outcome = only(await restore(target, await read(source, ada), ['profile']))
    expect(propertiesOf(target, grace, editable)).toEqual(editable)
    expect(target.state.manager(grace)?.userPrincipalName).toBe(newBoss)
    expect(propertiesOf(target, grace, account)).toEqual(before)
    expect(target.state.accountChanges).toEqual([])
    expect(target.state.photo(grace)).toBeUndefined()
    expect(outcome.kind).toBe('created')
    const refused = ['employeeHireDate', ...Object.keys(personal)].map((name) => `needs-signed-in-user ${name}`)
    expect(remarked(outcome)).toEqual([...refused, 'account-state-kept'])
    expect(target.simulator.log.unknown).toEqual([])
  })

  test('comes back whole where SharePoint lets us write, and the second time nothing is sent', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    target.state.applicationsWriteSharePoint = true
    source.state.set(ada, { employeeHireDate: null })
    const held = await read(source, ada)
    await restore(target, held, ['profile', 'photo'])
    expect(propertiesOf(target, grace, { ...editable, ...personal })).toEqual({ ...editable, ...personal })
    expect(target.state.photo(grace)?.bytes).toEqual(photo)
    target.simulator.log.clear()
    expect(only(await restore(target, held, ['profile', 'photo'])).kind).toBe('duplicate')
    expect(writes(target)).toEqual([])
  })

  test('gives its photo alone if that alone is asked for', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const name = target.state.property(grace, 'displayName')
    expect(only(await restore(target, await read(source, ada), ['photo'])).kind).toBe('created')
    expect(target.state.photo(grace)?.bytes).toEqual(photo)
    expect(target.state.property(grace, 'displayName')).toBe(name)
  })

  test('clears nothing that it does not have', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    source.state.set(ada, { mobilePhone: null, businessPhones: [] })
    target.state.set(grace, { mobilePhone: '1', businessPhones: ['2'] })
    await restore(target, await read(source, ada), ['profile'])
    expect(propertiesOf(target, grace, { mobilePhone: 0, businessPhones: 0 })).toEqual({
      mobilePhone: '1',
      businessPhones: ['2'],
    })
  })

  test('goes on behind a field that Graph refuses, and names it', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    source.state.set(ada, { businessPhones: ['1', '2'] })
    const outcome = only(await restore(target, await read(source, ada), ['profile'], { people: () => undefined }))
    expect(remarked(outcome)).toContain('field-refused businessPhones')
    expect(remarked(outcome)).toContain('person-unmapped manager')
    expect(target.state.property(grace, 'jobTitle')).toBe('Analyst')
    expect(target.state.property(grace, 'businessPhones')).toEqual([])
  })

  test('is only compared in a dry run', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    const held = await read(source, ada)
    target.simulator.log.clear()
    expect(only(await restore(target, held, ['profile', 'photo'], { dryRun: true })).kind).toBe('created')
    expect(writes(target)).toEqual([])
  })

  test('survives lost answers', async () => {
    const [source, target] = [await sourceWorld(), await targetWorld()]
    target.simulator.faults.add({ kind: 'reset-after', match: { method: ['PATCH', 'PUT'] }, perPath: 1 })
    expect(only(await restore(target, await read(source, ada), ['profile', 'photo'])).kind).toBe('created')
    expect(propertiesOf(target, grace, editable)).toEqual(editable)
    expect(target.state.photo(grace)?.bytes).toEqual(photo)
  })
})
