import { describe, expect, test } from 'vitest'
import { profilesState } from '../../support/graph-simulator/services/profile/state.ts'
import type { ProfilesState } from '../../support/graph-simulator/services/profile/state.ts'
import { errorCode, textAt, valueOf } from './client.ts'
import type { Graph } from './client.ts'
import { Contract, contractFolder } from './schema.ts'
import { alex, megan, nobody, withSmall } from './tenant.ts'

const user = `/users/${alex}`

function withProfiles(use: (graph: Graph, state: ProfilesState) => Promise<void>, roles?: string[]): Promise<void> {
  return withSmall(
    async ({ graph, simulator }) => {
      await use(graph, profilesState(simulator.tenant))
    },
    roles === undefined ? {} : { app: { roles } },
  )
}

const patch = (graph: Graph, json: object) => graph(user, { method: 'PATCH', json })

if (contractFolder === undefined) {
  process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
}

describe('profiles fit the published contract', () => {
  test.runIf(contractFolder !== undefined)('users, people, licences, photos', () =>
    withProfiles(async (graph, state) => {
      const contract = new Contract(contractFolder ?? '')
      state.set(alex, { skills: ['x'], employeeOrgData: { division: 'x' }, birthday: '1974-07-22T00:00:00Z' })
      state.setManager(alex, megan)
      state.setPhoto(alex, Buffer.from('x'))
      state.setLicences(alex, [{ id: 'x', skuId: 'b05e124f-c7cc-45a0-a6aa-8cf78c946968', servicePlans: [] }])
      const answers: readonly [string, string][] = [
        ['user', user],
        ['user', `${user}?$select=skills,employeeOrgData,assignedLicenses,accountEnabled`],
        ['user', `${user}/manager`],
        ['directoryObjectCollectionResponse', `/users/${megan}/directReports`],
        ['licenseDetailsCollectionResponse', `${user}/licenseDetails`],
        ['profilePhoto', `${user}/photo`],
      ]
      for (const [schema, path] of answers) {
        expect(contract.problems(`microsoft.graph.${schema}`, (await graph(path)).json)).toEqual([])
      }
    }),
  )
})

describe('a profile', () => {
  test('is written by those who may, within limits', () =>
    withProfiles(async (graph, state) => {
      expect((await patch(graph, { jobTitle: 'x', businessPhones: ['1'] })).status).toBe(204)
      expect((await graph(user)).json).toMatchObject({ jobTitle: 'x', businessPhones: ['1'] })
      const refused = [{ smell: 1 }, { createdDateTime: 'x' }, { businessPhones: ['1', '2'] }, { city: '' }, {}]
      for (const json of refused) expect((await patch(graph, json)).status).toBe(400)
      expect((await patch(graph, { displayName: null })).status).toBe(400)
      expect((await patch(graph, { aboutMe: 'x' })).status).toBe(403)
      expect((await patch(graph, { aboutMe: 'x', city: 'y' })).status).toBe(400)
      state.applicationsWriteSharePoint = true
      expect((await patch(graph, { aboutMe: 'x' })).status).toBe(204)
      expect(state.accountChanges).toEqual([])
      await patch(graph, { accountEnabled: false })
      expect(state.accountChanges).toEqual(['accountEnabled'])
    }))

  test('refuses requests that select what takes more permissions', () =>
    withProfiles(async (graph) => {
      expect((await graph(`${user}?$select=id,employeeLeaveDateTime`)).status).toBe(403)
      expect((await graph(`${user}?$select=preferredName`)).status).toBe(501)
      expect((await graph(`${user}?$select=smell`)).status).toBe(400)
    }))

  test('has a manager by reference', () =>
    withProfiles(async (graph) => {
      expect(errorCode(await graph(`${user}/manager`))).toBe('Request_ResourceNotFound')
      const context = textAt((await graph(`/users/${megan}`)).json, '@odata.context').split('/$metadata')[0] ?? ''
      const id = textAt((await graph(`/users/${megan}`)).json, 'id')
      const put = (reference: string) =>
        graph(`${user}/manager/$ref`, { method: 'PUT', json: { '@odata.id': reference } })
      expect((await put(`https://elsewhere.example/v1.0/users/${id}`)).status).toBe(400)
      expect((await put(`${context}/users/${id}`)).status).toBe(204)
      expect((await graph(`${user}/manager`)).json).toMatchObject({ id })
      expect(valueOf(await graph(`/users/${megan}/directReports`))).toMatchObject([{ userPrincipalName: alex }])
    }))

  test('has a photo, with an etag that follows its bytes', () =>
    withProfiles(async (graph, state) => {
      expect(errorCode(await graph(`${user}/photo`))).toBe('ImageNotFound')
      state.missingPhoto = 'tiny-picture'
      expect((await graph(`${user}/photo`)).json).toMatchObject({ id: '1x1', '@odata.mediaEtag': '' })
      const put = (text: string) =>
        graph(`${user}/photo/$value`, {
          method: 'PUT',
          body: Buffer.from(text),
          headers: { 'content-type': 'image/png' },
        })
      expect((await put('one')).status).toBe(200)
      const etag = (await graph(`${user}/photo`)).json['@odata.mediaEtag']
      await put('two')
      expect((await graph(`${user}/photo`)).json['@odata.mediaEtag']).not.toBe(etag)
      expect((await graph(`${user}/photo/$value`)).bytes.toString()).toBe('two')
      expect(errorCode(await graph(`/users/${nobody}/photo`))).toBe('ErrorNonExistentMailbox')
    }))

  test('needs a role to be written', () =>
    withProfiles(
      async (graph) => {
        expect((await graph(user)).status).toBe(200)
        expect((await patch(graph, { city: 'x' })).status).toBe(403)
      },
      ['User.Read.All'],
    ))
})
