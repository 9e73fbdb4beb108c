import { profileReader } from '../../../src-main/graph/profile/reader.ts'
import { profileRestorer } from '../../../src-main/graph/profile/restorer.ts'
import type { OnRequest, RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { profilesState } from '../../support/graph-simulator/services/profile/state.ts'
import type { ProfilesState } from '../../support/graph-simulator/services/profile/state.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { ada, startWorld } from '../mail/mailbox-fixture.ts'
import type { World } from '../mail/mailbox-fixture.ts'

export const grace = 'grace@fabrikam.example'
export const boss = 'boss@contoso.example'
export const newBoss = 'chief@fabrikam.example'
export const photo = Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1')

/** Everything that an application may write. */
export const editable = {
  displayName: 'Ada Lovelace',
  givenName: 'Ada',
  surname: 'Lovelace',
  jobTitle: 'Analyst',
  companyName: 'Engines Ltd',
  department: 'Mathematics',
  employeeId: '1815',
  employeeType: 'Employee',
  employeeOrgData: { division: 'Research', costCenter: '42' },
  officeLocation: '12 St James',
  businessPhones: ['+44 20 555 0101'],
  mobilePhone: '+44 20 555 0102',
  faxNumber: '+44 20 555 0103',
  otherMails: ['ada@home.example'],
  streetAddress: "12 St James's Square",
  city: 'London',
  state: 'Greater London',
  postalCode: 'SW1Y 4JH',
  country: 'United Kingdom',
  preferredLanguage: 'en-GB',
  onPremisesExtensionAttributes: { extensionAttribute1: 'one' },
}

/** What only a signed-in person may write. */
export const personal = {
  aboutMe: 'Writes notes.',
  birthday: '1815-12-10T00:00:00Z',
  interests: ['Poetry'],
  mySite: 'https://contoso.example/ada',
  pastProjects: ['Analytical Engine'],
  responsibilities: ['Notes A to G'],
  schools: ['Home'],
  skills: ['Mathematics', 'French'],
}

/** What a restore must never send. */
export const account = {
  accountEnabled: false,
  usageLocation: 'GB',
  ageGroup: 'adult',
  passwordPolicies: 'DisablePasswordExpiration',
  userType: 'Guest',
  showInAddressList: true,
  assignedLicenses: [{ skuId: 'b05e124f-c7cc-45a0-a6aa-8cf78c946968', disabledPlans: [] }],
  proxyAddresses: ['SMTP:ada@contoso.example', 'smtp:countess@contoso.example'],
  employeeHireDate: '1842-01-01T00:00:00Z',
}

export interface ProfileWorld extends World {
  readonly state: ProfilesState
}

async function profileWorld(
  users: readonly string[],
  options: Omit<SimulatorOptions, 'tenant'>,
): Promise<ProfileWorld> {
  const world = await startWorld(
    users.map((userPrincipalName) => ({ userPrincipalName })),
    options,
  )
  return { ...world, state: profilesState(world.simulator.tenant) }
}

export async function sourceWorld(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<ProfileWorld> {
  const source = await profileWorld([ada, boss, 'mary@contoso.example'], options)
  source.state.set(ada, { ...editable, ...personal, ...account })
  source.state.setPhoto(ada, photo)
  source.state.setManager(ada, boss)
  source.state.setManager('mary@contoso.example', ada)
  source.state.setLicences(ada, [
    { id: 'x', skuId: 'b05e124f-c7cc-45a0-a6aa-8cf78c946968', skuPartNumber: 'EMS', servicePlans: [] },
  ])
  return source
}

export function targetWorld(options: Omit<SimulatorOptions, 'tenant'> = {}): Promise<ProfileWorld> {
  const app = { tenantId: '9d4f3c11-0a52-4f0e-8e39-4b1f5c1c6d77', tenantDomain: 'fabrikam.onmicrosoft.com' }
  return profileWorld([grace, newBoss], { app, ...options })
}

export function read(world: ProfileWorld, user: string, before?: HeldType): Promise<HeldType> {
  return readHeld(profileReader(world.client), world.root(user), before)
}

/** Restores what the words ask for; the boss has a counterpart. */
export function restore(
  world: ProfileWorld,
  held: HeldType,
  words: readonly OnRequest[],
  more: Partial<RestoreOptions> = {},
): ReturnType<typeof restoreHeld> {
  const chief = { id: world.root(newBoss).id, address: newBoss }
  const people: RestoreOptions['people'] = ({ address }) => (address === boss ? chief : undefined)
  const options = { onRequest: new Set(words), people, ...more }
  return restoreHeld(profileRestorer(world.client), profileReader(world.client), held, world.root(grace), options)
}

export function propertiesOf(world: ProfileWorld, user: string, names: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, world.state.property(user, name)]))
}
