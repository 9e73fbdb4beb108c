import { describe, expect, it } from 'vitest'
import { requireOwnSeries } from '../../../../src-main/commands/parts/own-series.ts'
import type { Plan, SourceSettings } from '../../../../src-main/settings/model.ts'

const ada = { account: 'work', include: ['users/ada@contoso.example'] }

function plan(id: string, sources: readonly SourceSettings[], change: Partial<Plan> = {}): Plan {
  const retention = { last: 3 }
  return {
    id,
    name: id,
    created: 0,
    destination: '/one',
    sources,
    schedule: {},
    retention,
    after: { forget: true },
    ...change,
  }
}

const mail: SourceSettings = { ...ada, 'office365-included-user-types': 'Mailbox' }
const files: SourceSettings = { ...ada, 'office365-included-user-types': 'Files' }

describe('a plan whose rules would remove what another one makes', () => {
  it('is refused, whatever else the two read of the same roots', () => {
    for (const other of [
      files,
      { ...ada, include: ['users/ADA@contoso.example/onedrive'] },
      { ...mail, account: 'Work' },
    ])
      expect(() => requireOwnSeries([plan('Files', [other])], plan('Mail', [mail]))).toThrow(
        'Plan "Files" makes snapshots of the same series at that destination',
      )
  })

  it('is refused if only the other one has rules', () => {
    const without = (one: Plan): Plan => {
      const { retention, ...rest } = one
      return retention === undefined ? one : rest
    }
    expect(() => requireOwnSeries([plan('Files', [files])], without(plan('Mail', [mail])))).toThrow('Plan "Files"')
    expect(() => requireOwnSeries([without(plan('Files', [files]))], without(plan('Mail', [mail])))).not.toThrow()
  })

  it('is refused if the other one is a source of its own', () => {
    expect(() => requireOwnSeries([], plan('Both', [mail, files]))).toThrow('Two sources of the plan')
  })

  it('may have other roots, another tenant, another shard, another destination, or be the plan itself', () => {
    const others = [
      plan('Roots', [{ ...files, include: ['users/grace@contoso.example'] }]),
      plan('Tenant', [{ ...files, account: 'other' }]),
      plan('Shard', [{ ...files, shard: '1/2' }]),
      plan('Destination', [files], { destination: '/two' }),
      plan('Mail', [files]),
    ]
    expect(() => requireOwnSeries(others, plan('Mail', [mail]))).not.toThrow()
  })
})
