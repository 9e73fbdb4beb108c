import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { missingOf, planPermissions } from '../../../../src-main/graph/drive/restore-permission-plan.ts'
import type { PermissionPlan, PlanContext } from '../../../../src-main/graph/drive/restore-permission-plan.ts'

const context: PlanContext = {
  options: {
    onRequest: new Set(['permissions', 'sharing-links']),
    people: ({ id, address }) =>
      id === 'unknown' ? undefined : { id: `here ${id ?? address ?? ''}`, address: address ?? '' },
  },
  owners: ['owner'],
  now: Date.parse('2026-11-21T00:00:00Z'),
}

function plan(...permissions: readonly JsonObject[]): PermissionPlan {
  return planPermissions(permissions, context)
}

describe('planPermissions', () => {
  it.each<[JsonObject, string]>([
    [{ grantedToV2: { user: { id: 'a' } } }, 'here a'],
    [{ grantedTo: { user: { id: 'a' } } }, 'here a'],
    [{ grantedToV2: { group: { id: 'g' } } }, 'here g'],
    [{ grantedToV2: { user: { displayName: 'A', email: 'a@x.example' } } }, 'here a@x.example'],
    [{ grantedToV2: { siteUser: { loginName: 'i:0#.f|membership|a@x.example' } } }, 'here a@x.example'],
    [{ invitation: { email: 'guest@x.example' } }, 'here guest@x.example'],
  ])('finds the person of %j', (permission, person) => {
    expect(plan({ ...permission, roles: ['read'] })).toEqual({
      links: [],
      grants: [{ person, role: 'read', expires: undefined }],
      remarks: [],
    })
  })

  it('leaves out inherited ones, the owner, and what has expired', () => {
    const roles = ['write']
    const { grants, remarks } = plan(
      { roles, grantedToV2: { user: { id: 'a' } }, inheritedFrom: { id: 'above' } },
      { roles: ['owner'], grantedToV2: { user: { id: 'owner' } } },
      { roles, grantedToV2: { user: { id: 'b' } }, expirationDateTime: '2026-11-20T00:00:00Z' },
      { roles, grantedToV2: { user: { id: 'c' } }, expirationDateTime: '2026-11-22T00:00:00Z' },
      { roles, grantedToV2: { siteUser: { loginName: 'c:0(.s|true' } } },
      {},
    )
    expect(grants.map(({ person }) => person)).toEqual(['here c'])
    expect(remarks.map(({ code }) => code).sort()).toEqual(['owner-role-lost', 'permission-expired', 'person-unmapped'])
  })

  it('makes a link that prevents downloads one that blocks them', () => {
    const { links } = plan({ roles: ['read'], link: { type: 'view', scope: 'organization', preventsDownload: true } })
    expect(links).toEqual([{ type: 'blocksDownload', scope: 'organization', expires: undefined, people: [] }])
  })
})

describe('missingOf', () => {
  const wanted: PermissionPlan = {
    links: [{ type: 'view', scope: 'users', expires: undefined, people: ['a'] }],
    grants: [{ person: 'a', role: 'write', expires: undefined }],
    remarks: [],
  }

  it.each<[JsonObject, number, number]>([
    [{ roles: ['write'], grantedToV2: { user: { id: 'a' } } }, 1, 0],
    [{ roles: ['owner'], grantedToV2: { user: { id: 'a' } } }, 1, 0],
    [{ roles: ['write'], grantedToV2: { user: { id: 'a' } }, inheritedFrom: {} }, 1, 0],
    [{ roles: ['read'], grantedToV2: { user: { id: 'a' } } }, 1, 1],
    [{ roles: ['write'], grantedToV2: { user: { id: 'b' } } }, 1, 1],
    [
      { link: { type: 'view', scope: 'users' }, grantedToIdentitiesV2: [{ user: { id: 'a' } }, { user: { id: 'b' } }] },
      0,
      1,
    ],
    [{ link: { type: 'view', scope: 'users' }, grantedToIdentitiesV2: [{ user: { id: 'b' } }] }, 1, 1],
    [
      { link: { type: 'view', scope: 'users' }, hasPassword: true, grantedToIdentitiesV2: [{ user: { id: 'a' } }] },
      1,
      1,
    ],
    [{ link: { type: 'edit', scope: 'users' }, grantedToIdentitiesV2: [{ user: { id: 'a' } }] }, 1, 1],
  ])('beside %j is %i links and %i grants', (existing, links, grants) => {
    const missing = missingOf(wanted, [existing])
    expect([missing.links.length, missing.grants.length]).toEqual([links, grants])
  })
})
