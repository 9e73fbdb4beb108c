import { describe, expect, test } from 'vitest'
import { contactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import type { ContactsState } from '../../support/graph-simulator/services/contacts/state.ts'
import { errorCode, followDelta, textAt, valueOf } from './client.ts'
import type { Graph } from './client.ts'
import { Contract, contractFolder, documentedExamples } from './schema.ts'
import { alex, nobody, withSmall } from './tenant.ts'

const contacts = `/users/${alex}/contacts`
const folders = `/users/${alex}/contactFolders`
const mark = 'String {5e8a7d0c-3c1b-4f0e-9b57-6a2f9c1d4e80} Name Test'
const pixel = Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1')

function withContacts(use: (graph: Graph, state: ContactsState) => Promise<void>, roles?: string[]): Promise<void> {
  return withSmall(
    async ({ graph, simulator }) => {
      await use(graph, contactsState(simulator.tenant))
    },
    roles === undefined ? {} : { app: { roles } },
  )
}

const create = (graph: Graph, json: object, path = contacts) => graph(path, { method: 'POST', json })

if (contractFolder === undefined) {
  process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
}

describe('contacts fit the published contract', () => {
  test.runIf(contractFolder !== undefined)('contacts, folders, photos', () =>
    withContacts(async (graph, state) => {
      const contract = new Contract(contractFolder ?? '')
      state.addFolder(alex, 'Family')
      const id = state.add(alex, '', { givenName: 'A', homeAddress: { city: 'Oslo' }, birthday: '1974-07-22' }, pixel)
      const answers: readonly [string, string][] = [
        ['contact', `${contacts}/${id}`],
        ['contactCollectionResponse', `${contacts}?$top=1&$count=true`],
        ['contactFolderCollectionResponse', folders],
        ['contactFolder', `${folders}/contacts`],
        ['profilePhoto', `${contacts}/${id}/photo`],
      ]
      for (const [schema, path] of answers) {
        expect(contract.problems(`microsoft.graph.${schema}`, (await graph(path)).json)).toEqual([])
      }
      const { entities } = await followDelta(graph, `${folders}/contacts/contacts/delta`)
      expect(entities.flatMap((entity) => contract.problems('microsoft.graph.contact', entity))).toEqual([])
    }),
  )

  test.runIf(contractFolder !== undefined).each([
    ['create_contact_from_user', 201],
    ['create_contactfolder_from_user', 201],
    ['update_contact', 200],
    ['delete_contact', 204],
    ['get_contact', 200],
    ['get_contactfolders', 200],
  ])('the documented request is understood: %s', (name, status) =>
    withContacts(async (graph, state) => {
      const example = documentedExamples(contractFolder ?? '').get(name)
      const id = state.add(alex, '', { displayName: 'x' })
      const path = new URL(example?.url ?? '').pathname.replace('/v1.0/me', `/users/${alex}`)
      const json = example?.requestBody ?? undefined
      const method = example?.method ?? ''
      const answer = await graph(
        path.replace(/%7Bid%7D|\{id\}/, id),
        json === undefined ? { method } : { method, json },
      )
      expect(answer.status).toBe(status)
    }),
  )
})

describe('contacts', () => {
  test('get what Exchange makes up, and keep their extended properties to themselves', () =>
    withContacts(async (graph) => {
      const json = { givenName: 'Ann', surname: 'Smith', singleValueExtendedProperties: [{ id: mark, value: 'x' }] }
      const made = (await create(graph, json)).json
      expect(made).toMatchObject({
        displayName: 'Ann Smith',
        fileAs: 'Smith, Ann',
        emailAddresses: [],
        homeAddress: {},
      })
      expect(made).not.toHaveProperty('singleValueExtendedProperties')
      const expand = `$expand=singleValueExtendedProperties($filter=id eq '${mark}')`
      const shown = await graph(`${contacts}/${textAt(made, 'id')}?${expand}`)
      expect(shown.json.singleValueExtendedProperties).toEqual([{ id: mark, value: 'x' }])
      const any = `singleValueExtendedProperties/Any(ep: ep/id eq '${mark}' and ep/value eq 'X')`
      expect(valueOf(await graph(`${contacts}?$filter=${encodeURIComponent(any)}`))).toHaveLength(1)
    }))

  test.each([
    ['an unknown property', { smell: 'good' }],
    ['a read-only property', { changeKey: 'x' }],
    ['a fourth address', { emailAddresses: ['a', 'b', 'c', 'd'].map((name) => ({ address: `${name}@x.example` })) }],
    ['a phone that is no list', { businessPhones: '1' }],
    ['an address with an unknown part', { homeAddress: { planet: 'Earth' } }],
    ['a birthday that is no date', { birthday: 'tomorrow' }],
  ])('refuse %s', (_what, json) =>
    withContacts(async (graph) => {
      expect((await create(graph, json)).status).toBe(400)
    }),
  )

  test('know their folder, and only ids of their own mailbox', () =>
    withContacts(async (graph, state) => {
      state.addFolder(alex, 'Family')
      const id = state.add(alex, 'Family', { displayName: 'Bob' })
      expect(valueOf(await graph(contacts))).toEqual([])
      expect((await graph(`${contacts}/${id}`)).status).toBe(200)
      expect((await graph(`${folders}/contacts/contacts/${id}`)).status).toBe(404)
      expect(errorCode(await graph(`${contacts}/nonsense`))).toBe('ErrorInvalidIdMalformed')
      expect(errorCode(await graph(`/users/megan@contoso.example/contacts/${id}`))).toBe('ErrorInvalidMailboxItemId')
      expect((await graph(`/users/${nobody}/contacts`)).status).toBe(404)
    }))

  test('come 10 at a time, with options that are known', () =>
    withContacts(async (graph, state) => {
      for (let number = 0; number < 12; number += 1) state.add(alex, '', { displayName: String(number) })
      const page = await graph(contacts)
      expect(valueOf(page)).toHaveLength(10)
      expect(valueOf(await graph(textAt(page.json, '@odata.nextLink')))).toHaveLength(2)
      expect((await graph(`${contacts}?$search=x`)).status).toBe(400)
      expect((await graph(`${contacts}?$top=1000`)).status).toBe(400)
      expect((await graph(`${contacts}?$select=smell`)).status).toBe(400)
      expect((await graph(`${contacts}?$filter=${encodeURIComponent("displayName eq 'x'")}`)).status).toBe(400)
    }))

  test('take a picture below 4 MB as their photo, and change with it', () =>
    withContacts(async (graph, state) => {
      const id = state.add(alex, '', { displayName: 'x' })
      const photo = `${contacts}/${id}/photo/$value`
      expect(errorCode(await graph(photo))).toBe('ErrorItemNotFound')
      const key = (await graph(`${contacts}/${id}`)).json.changeKey
      const put = (body: Buffer, type: string) =>
        graph(photo, { method: 'PUT', body, headers: { 'content-type': type } })
      expect((await put(pixel, 'application/json')).status).toBe(415)
      expect((await put(Buffer.alloc(5_000_000, 1), 'image/png')).status).toBe(413)
      expect((await put(pixel, 'image/gif')).status).toBe(200)
      expect((await graph(photo)).bytes).toEqual(pixel)
      expect((await graph(`${contacts}/${id}`)).json.changeKey).not.toBe(key)
    }))

  test('need a role', () =>
    withContacts(
      async (graph) => {
        expect((await graph(contacts)).status).toBe(200)
        expect((await create(graph, { displayName: 'x' })).status).toBe(403)
      },
      ['Contacts.Read'],
    ))
})

describe('contact folders', () => {
  test('refuse a name that is taken on their level', () =>
    withContacts(async (graph) => {
      expect((await create(graph, { displayName: 'Family' }, folders)).status).toBe(201)
      expect(errorCode(await create(graph, { displayName: 'FAMILY' }, folders))).toBe('ErrorFolderExists')
      const [family] = valueOf(await graph(folders))
      const below = `${folders}/${textAt(family ?? {}, 'id')}/childFolders`
      expect((await create(graph, { displayName: 'Family' }, below)).status).toBe(201)
      expect(valueOf(await graph(below))).toHaveLength(1)
      expect((await create(graph, {}, folders)).status).toBe(400)
    }))
})

describe('the delta of contacts', () => {
  const delta = `${folders}/contacts/contacts/delta`

  test('shows changes, moves as removals, and each contact once', () =>
    withContacts(async (graph, state) => {
      state.addFolder(alex, 'Family')
      const ids = ['a', 'b', 'c'].map((displayName) => state.add(alex, '', { displayName }))
      const first = await followDelta(graph, delta, { pageSize: 2 })
      expect(first.pages.map((page) => page.length)).toEqual([2, 1])
      state.update(alex, ids[0] ?? '', { jobTitle: 'x' })
      state.update(alex, ids[0] ?? '', { jobTitle: 'y' })
      state.move(alex, ids[1] ?? '', 'Family')
      state.remove(alex, ids[2] ?? '')
      const second = await followDelta(graph, first.deltaLink)
      expect(second.entities).toHaveLength(3)
      expect(second.entities[0]).toMatchObject({ id: ids[0], jobTitle: 'y' })
      expect(second.entities.slice(1)).toEqual([
        { id: ids[1], '@removed': { reason: 'deleted' } },
        { id: ids[2], '@removed': { reason: 'deleted' } },
      ])
      expect((await followDelta(graph, second.deltaLink)).entities).toEqual([])
    }))

  test('refuses what cannot be tracked, dead tokens and tokens of the other id form', () =>
    withContacts(async (graph, state) => {
      expect((await graph(`${delta}?$top=5`)).status).toBe(400)
      const { deltaLink } = await followDelta(graph, delta)
      expect(errorCode(await graph(deltaLink, { immutable: false }))).toBe('SyncStateInvalid')
      state.breakCursors(alex)
      const dead = await graph(deltaLink)
      expect([dead.status, errorCode(dead)]).toEqual([410, 'SyncStateNotFound'])
      expect((await graph(`${delta}?$deltatoken=nonsense`)).status).toBe(400)
    }))
})
