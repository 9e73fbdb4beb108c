import { contactsReader } from '../../../src-main/graph/contacts/reader.ts'
import { contactsRestorer } from '../../../src-main/graph/contacts/restorer.ts'
import type { RestoreOptions } from '../../../src-main/engine/ports/restore-target.ts'
import { readHeld, restoreHeld } from '../../support/adapter-round.ts'
import type { HeldType } from '../../support/adapter-round.ts'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import type { ContactInfo, ContactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import type { LogEntry, SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { ada, startWorld } from '../mail/mailbox-fixture.ts'
import type { World } from '../mail/mailbox-fixture.ts'

export const grace = 'grace@fabrikam.example'

/** A picture that is different for every number; GIF, so that its size can be told. */
export function picture(number: number, bytes = 200): Buffer {
  const gif = Buffer.alloc(bytes, number)
  gif.write('GIF89a', 'latin1')
  gif.writeUInt16LE(48, 6)
  gif.writeUInt16LE(48, 8)
  return gif
}

/** Every property that a person can fill in. */
const fullContact = {
  displayName: 'Garth Fort',
  givenName: 'Garth',
  middleName: 'Q.',
  surname: 'Fort',
  nickName: 'Gee',
  title: 'Dr.',
  generation: 'Jr.',
  initials: 'G.F.',
  fileAs: 'Fort, Garth',
  yomiGivenName: 'ガース',
  yomiSurname: 'フォート',
  yomiCompanyName: 'コントソ',
  companyName: 'Contoso, Inc.',
  department: 'Sales & Marketing',
  jobTitle: 'Web Marketing Manager',
  profession: 'Marketing',
  officeLocation: '20/1101',
  assistantName: 'Pat',
  manager: 'Sara Davis',
  spouseName: 'Robin',
  children: ['Kim', 'Lee'],
  birthday: '1974-07-22T11:59:00Z',
  businessHomePage: 'https://www.contoso.example',
  personalNotes: 'Met in Oslo.\r\nLikes ünïcode 🎻.',
  mobilePhone: '+1 918 555 0103',
  businessPhones: ['+1 918 555 0101', '+1 918 555 0104'],
  homePhones: ['+1 918 555 0102'],
  imAddresses: ['sip:garthf@contoso.example'],
  categories: ['Red category', 'Friends'],
  emailAddresses: [
    { name: 'Garth', address: 'garth@contoso.example' },
    { name: 'Garth at home', address: 'garth@home.example' },
    { name: 'g', address: 'g@third.example' },
  ],
  businessAddress: {
    street: '10 Contoso Way',
    city: 'Redmond',
    state: 'WA',
    countryOrRegion: 'USA',
    postalCode: '98075',
  },
  homeAddress: { street: 'Hauptstraße 1', city: 'Köln', countryOrRegion: 'Germany' },
  otherAddress: { city: 'Oslo' },
}

const smith = { displayName: 'Ann Smith', givenName: 'Ann', surname: 'Smith' }

/** Folders on three levels, namesakes, equal contacts, photos, a contact without a name. */
export function fill(state: ContactsState, user: string): void {
  state.add(user, '', fullContact, picture(1))
  state.add(user, '', { ...smith, emailAddresses: [{ name: 'Ann', address: 'ann@one.example' }] })
  state.add(user, '', { ...smith, emailAddresses: [{ name: 'Ann', address: 'ann@two.example' }] }, picture(2))
  state.add(user, '', { ...smith, companyName: 'One' })
  state.add(user, '', { ...smith, companyName: 'Two' })
  state.add(user, '', { ...smith, mobilePhone: '1' })
  state.add(user, '', { ...smith, mobilePhone: '2' })
  state.add(user, '', { displayName: 'Twin', personalNotes: 'first' })
  state.add(user, '', { displayName: 'Twin', personalNotes: 'second' }, picture(3))
  state.add(user, '', { companyName: 'Nobody in particular' })
  state.addFolder(user, 'Family')
  state.addFolder(user, 'Cousins', 'Family')
  state.addFolder(user, 'Far away', 'Family/Cousins')
  state.addFolder(user, 'Empty')
  state.add(user, 'Family', { displayName: 'Uncle Bob' }, picture(4))
  state.add(user, 'Family/Cousins', { displayName: 'Cousin It' })
  state.add(user, 'Family/Cousins/Far away', { displayName: 'Aunt Zoë' }, picture(5))
}

export interface ContactWorld extends World {
  readonly state: ContactsState
}

export async function contactWorld(
  user: string,
  options: Omit<SimulatorOptions, 'tenant'> & { readonly language?: 'en' | 'de' } = {},
): Promise<ContactWorld> {
  const { language = 'en', ...more } = options
  const world = await startWorld([{ userPrincipalName: user, mailbox: { language } }], more)
  return { ...world, state: contactsState(world.simulator.tenant) }
}

/** Ada's mailbox with everything in it, and Grace's empty one in another tenant and language. */
export async function twoTenants(): Promise<{ readonly source: ContactWorld; readonly target: ContactWorld }> {
  const source = await contactWorld(ada)
  fill(source.state, ada)
  const app = { tenantId: '9d4f3c11-0a52-4f0e-8e39-4b1f5c1c6d77', tenantDomain: 'fabrikam.onmicrosoft.com' }
  return { source, target: await contactWorld(grace, { app, language: 'de' }) }
}

export function read(world: ContactWorld, user: string, before?: HeldType): Promise<HeldType> {
  return readHeld(contactsReader(world.client), world.root(user), before)
}

export function restore(
  world: ContactWorld,
  held: HeldType,
  options: Partial<RestoreOptions> = {},
  user = grace,
): ReturnType<typeof restoreHeld> {
  return restoreHeld(contactsRestorer(world.client), contactsReader(world.client), held, world.root(user), options)
}

/**
 * A contact without what the server of its mailbox assigns: ids and the folder's id are made there; both times, change
 * key are those of the creation; the topmost folder's name follows the mailbox's language.
 */
const assigned = ['@odata.etag', 'id', 'parentFolderId', 'createdDateTime', 'lastModifiedDateTime', 'changeKey']

function comparable({ properties, folder, photo }: ContactInfo): unknown {
  const kept = Object.entries(properties).filter(([name]) => !assigned.includes(name))
  return { folder: folder.slice(1), photo: photo?.toString('base64'), properties: Object.fromEntries(kept) }
}

/** All contacts of a user, comparable, in an order of their own. */
export function contactsOf(world: ContactWorld, user: string): readonly unknown[] {
  const all = world.state.contacts(user).map(comparable)
  return all.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}

export function kinds(outcomes: ReadonlyMap<string, { readonly kind: string }>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes.values()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Requests that wrote something. */
export function writes({ simulator }: World): readonly LogEntry[] {
  const silent = new Set(['{tenant}/token', '$batch'])
  return simulator.log.entries().filter(({ method, route }) => method !== 'GET' && !silent.has(route))
}
