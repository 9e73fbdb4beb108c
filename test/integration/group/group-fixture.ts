import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { OnRequest, PersonMap } from '../../../src-main/engine/ports/restore-target.ts'
import { createGroupLister } from '../../../src-main/graph/directory/groups.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { GroupDirectory, StoredGroup } from '../../support/graph-simulator/services/groups/state.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { tenantWorld } from '../../support/tenant-pair.ts'
import type { TenantWorld } from '../../support/tenant-pair.ts'

export const signal = new AbortController().signal
export const ada = 'ada@contoso.example'
export const bob = 'bob@contoso.example'
export const eve = 'eve@contoso.example'
export const photo = Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1')
/** As Teams makes its groups: nobody is mailed who is added. */
export const silent = { resourceBehaviorOptions: ['WelcomeEmailDisabled'] }

export interface GroupWorld extends TenantWorld {
  readonly groups: GroupDirectory
  id(user: string): string
  /** The group as the lister gives it. */
  listed(group: StoredGroup): Promise<Root>
}

export async function groupWorld(
  users: readonly string[] = [ada, bob, eve],
  options: Omit<SimulatorOptions, 'tenant'> = {},
): Promise<GroupWorld> {
  const world = await tenantWorld(users, options)
  const lister = createGroupLister(world.client, { tenant: 'contoso' })
  return Object.assign(world, {
    groups: groupDirectory(world.simulator.tenant),
    id: (user: string) => world.simulator.tenant.findUser(user)?.id ?? '',
    listed: ({ id }: StoredGroup) => lister.root(id, signal),
  })
}

/** A group with everything that a group has. */
export function fullGroup(
  { groups }: Pick<GroupWorld, 'groups'>,
  more: Partial<Parameters<GroupDirectory['add']>[0]> = {},
): StoredGroup {
  const group = groups.add({
    displayName: 'Engines',
    members: [ada, bob, eve],
    owners: [ada],
    properties: {
      ...silent,
      description: 'All about engines',
      visibility: 'Private',
      classification: 'Low',
      theme: 'Teal',
      preferredLanguage: 'en-GB',
    },
    ...more,
  })
  groups.setPhoto(group.id, photo)
  return group
}

/** Everybody of the one tenant by the same name in the other. */
export function peopleOf({ simulator }: GroupWorld, domain: string): PersonMap {
  return ({ address }) => {
    const user = simulator.tenant.findUser(`${address?.split('@')[0] ?? ''}@${domain}`)
    return user === undefined ? undefined : { id: user.id, address: user.userPrincipalName }
  }
}

export const everything: ReadonlySet<OnRequest> = new Set(['members', 'group-settings', 'photo'])
