import { describe, expect, test } from 'vitest'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import type { GroupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { errorCode, textAt, valueOf } from './client.ts'
import type { Graph } from './client.ts'
import { Contract, contractFolder } from './schema.ts'
import { alex, megan, withSmall } from './tenant.ts'

interface Scene {
  readonly graph: Graph
  readonly groups: GroupDirectory
  readonly simulator: GraphSimulator
  readonly id: (user: string) => string
}

function withGroups(use: (scene: Scene) => Promise<void>, roles?: string[]): Promise<void> {
  return withSmall(
    async ({ graph, simulator }) => {
      const id = (user: string): string => simulator.tenant.findUser(user)?.id ?? ''
      await use({ graph, groups: groupDirectory(simulator.tenant), simulator, id })
    },
    roles === undefined ? {} : { app: { roles } },
  )
}

if (contractFolder === undefined) {
  process.stdout.write('The contract data (../shared/graph) is not there: answers were not compared with it.\n')
}

describe('groups fit the published contract', () => {
  test.runIf(contractFolder !== undefined)('groups, members, photos, conversations', () =>
    withGroups(async ({ graph, groups, simulator }) => {
      const contract = new Contract(contractFolder ?? '')
      const group = groups.add({ displayName: 'HR', members: [alex], owners: [megan], team: true })
      groups.setPhoto(group.id, Buffer.from('x'))
      const conversations = groupConversations(simulator.tenant)
      conversations.applicationsReadAttachments = true
      const thread = conversations.addThread(group.id, 'Plans')
      const post = conversations.addPost(thread, {
        from: alex,
        html: '<p>x</p>',
        attachments: [{ name: 'a.txt', bytes: 'x' }],
      })
      const own = `/groups/${group.id}`
      const posts = `${own}/threads/${thread.id}/posts`
      const answers: readonly [string, string][] = [
        ['groupCollectionResponse', '/groups'],
        ['group', own],
        ['directoryObjectCollectionResponse', `${own}/members`],
        ['userCollectionResponse', `${own}/members/graph.user`],
        ['directoryObjectCollectionResponse', `${own}/owners`],
        ['profilePhoto', `${own}/photo`],
        ['conversationCollectionResponse', `${own}/conversations`],
        ['conversationThreadCollectionResponse', `${own}/threads`],
        ['conversationThread', `${own}/threads/${thread.id}`],
        ['postCollectionResponse', posts],
        ['post', `${posts}/${post.id}`],
        ['attachmentCollectionResponse', `${posts}/${post.id}/attachments`],
      ]
      for (const [schema, path] of answers) {
        const answer = await graph(path)
        expect(answer.status, path).toBe(200)
        expect(contract.problems(`microsoft.graph.${schema}`, answer.json), path).toEqual([])
      }
    }),
  )
})

describe('the list of groups', () => {
  test('is filtered by kind, name and address, and comes in pages', () =>
    withGroups(async ({ graph, groups }) => {
      for (const displayName of ['One', 'Two', "O'Three"]) groups.add({ displayName })
      groups.add({ displayName: 'Guards', unified: false })
      const names = async (query: string): Promise<unknown[]> =>
        valueOf(await graph(`/groups?${query}`)).map(({ displayName }) => displayName)
      expect(await names("$filter=groupTypes/any(c:c eq 'Unified')")).toEqual(['One', 'Two', "O'Three"])
      expect(await names("$filter=displayName eq 'O''Three' and groupTypes/any(c:c eq 'Unified')")).toEqual(["O'Three"])
      expect(await names("$filter=mail eq 'two@contoso.example'")).toEqual(['Two'])
      expect(await names("$filter=not groupTypes/any(c:c eq 'Unified')&$count=true").catch(String)).toContain(
        'No collection',
      )
      const page = await graph('/groups?$top=3&$select=id')
      expect(valueOf(page)).toHaveLength(3)
      expect(valueOf(await graph(textAt(page.json, '@odata.nextLink')))).toHaveLength(1)
      for (const query of [
        '$skip=1',
        '$top=1000',
        '$select=allowExternalSenders',
        '$select=smell',
        "$filter=smell eq 'x'",
      ])
        expect((await graph(`/groups?${query}`)).status, query).toBe(400)
    }))

  test('counts for those who ask for eventual consistency', () =>
    withGroups(async ({ graph, groups }) => {
      groups.add({ displayName: 'One' })
      const headers = { ConsistencyLevel: 'eventual' }
      expect((await graph('/groups/$count')).status).toBe(400)
      expect((await graph('/groups/$count', { headers })).bytes.toString()).toBe('1')
      expect((await graph('/groups?$count=true', { headers })).json['@odata.count']).toBe(1)
      expect((await graph("/groups?$filter=not groupTypes/any(c:c eq 'x')&$count=true", { headers })).status).toBe(200)
    }))
})

describe('a group', () => {
  test('is made, changed and deleted by those who may', () =>
    withGroups(async ({ graph, groups, id, simulator }) => {
      const base = {
        displayName: 'New',
        mailNickname: 'new',
        mailEnabled: true,
        securityEnabled: false,
        groupTypes: ['Unified'],
      }
      const bind = [`${simulator.graphBaseUrl}/v1.0/users/${id(alex)}`]
      const made = await graph('/groups', { method: 'POST', json: { ...base, 'owners@odata.bind': bind } })
      expect(made.status).toBe(201)
      const path = `/groups/${textAt(made.json, 'id')}`
      expect((await graph('/groups', { method: 'POST', json: base })).status).toBe(400)
      expect((await graph('/groups', { method: 'POST', json: { ...base, mailEnabled: false } })).status).toBe(400)
      expect((await graph(path, { method: 'PATCH', json: { description: 'x', visibility: 'Private' } })).status).toBe(
        204,
      )
      expect((await graph(path)).json).toMatchObject({
        description: 'x',
        visibility: 'Private',
        mail: 'new@contoso.example',
      })
      for (const json of [{}, { mail: 'x' }, { visibility: 'HiddenMembership' }, { displayName: '' }])
        expect((await graph(path, { method: 'PATCH', json })).status).toBe(400)
      expect((await graph(path, { method: 'PATCH', json: { allowExternalSenders: true } })).status).toBe(403)
      expect((await graph(`${path}?$select=allowExternalSenders`)).status).toBe(403)
      groups.applicationsUseExchange = true
      expect((await graph(path, { method: 'PATCH', json: { allowExternalSenders: true } })).status).toBe(200)
      expect((await graph(`${path}?$select=allowExternalSenders`)).json).toMatchObject({ allowExternalSenders: true })
      expect((await graph(path, { method: 'DELETE' })).status).toBe(204)
      expect(errorCode(await graph(path))).toBe('Request_ResourceNotFound')
    }))

  test('takes members and owners, and Exchange welcomes them unless that is off', () =>
    withGroups(async ({ graph, groups, id, simulator }) => {
      const loud = groups.add({ displayName: 'Loud' })
      const silent = groups.add({
        displayName: 'Silent',
        properties: { resourceBehaviorOptions: ['WelcomeEmailDisabled'] },
      })
      const add = (group: string, side: string, user: string) =>
        graph(`/groups/${group}/${side}/$ref`, {
          method: 'POST',
          json: { '@odata.id': `${simulator.graphBaseUrl}/v1.0/directoryObjects/${user}` },
        })
      expect((await add(silent.id, 'members', id(alex))).status).toBe(204)
      expect((await add(silent.id, 'owners', id(alex))).status).toBe(204)
      expect(groups.welcomed).toBe(0)
      expect((await add(silent.id, 'members', id(alex))).status).toBe(400)
      expect((await add(silent.id, 'members', groups.addOther('device', 'PC').id)).status).toBe(400)
      expect((await add(silent.id, 'members', '00000000-0000-4000-a000-000000000000')).status).toBe(404)
      await add(loud.id, 'members', id(alex))
      expect(groups.welcomed).toBe(1)
      const member = `/groups/${silent.id}/members/${id(alex)}/$ref`
      expect((await graph(member, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(member, { method: 'DELETE' })).status).toBe(404)
      expect((await graph(`/groups/${silent.id}/owners/${id(alex)}/$ref`, { method: 'DELETE' })).status).toBe(400)
    }))

  test('shows of its members only ids to those who may not read users', () =>
    withGroups(
      async ({ graph, groups, id }) => {
        const group = groups.add({ displayName: 'G', members: [alex] })
        const [member] = valueOf(await graph(`/groups/${group.id}/members?$select=id,displayName`))
        expect(member).toMatchObject({ id: id(alex), displayName: null })
        expect((await graph(`/groups/${group.id}`, { method: 'DELETE' })).status).toBe(403)
      },
      ['GroupMember.Read.All'],
    ))
})

describe('conversations', () => {
  test('are listed by threads, and give attachments to people alone', () =>
    withGroups(async ({ graph, groups, simulator }) => {
      const group = groups.add({ displayName: 'G' })
      const conversations = groupConversations(simulator.tenant)
      const thread = conversations.addThread(group.id, 'T', { to: [{ name: 'G', address: 'g@contoso.example' }] })
      const post = conversations.addPost(thread, { from: alex, html: 'x', attachments: [{ name: 'a' }] })
      const path = `/groups/${group.id}/threads`
      expect(valueOf(await graph(path))[0]).not.toHaveProperty('toRecipients')
      expect(valueOf(await graph(`${path}?$select=toRecipients`))[0]).toMatchObject({
        toRecipients: [{ emailAddress: { address: 'g@contoso.example' } }],
      })
      const posts = `${path}/${thread.id}/posts`
      expect(valueOf(await graph(`${posts}?$expand=attachments`))[0]).toMatchObject({
        hasAttachments: true,
        attachments: [],
      })
      expect((await graph(`${posts}/${post.id}/attachments`)).status).toBe(403)
      expect((await graph(`${posts}?$top=5`)).status).toBe(400)
      expect((await graph(`${path}/${thread.id}/reply`, { method: 'POST', json: { post: {} } })).status).toBe(403)
      expect((await graph(`${path}/nonsense/posts`)).status).toBe(400)
      expect((await graph(`${path}/${thread.id}`, { method: 'PATCH', json: { isLocked: true } })).status).toBe(200)
      expect(thread.isLocked).toBe(true)
      expect((await graph(`${path}/${thread.id}`, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(posts)).status).toBe(404)
    }))

  test('an application can only answer a post, and that mails whoever follows the group', () =>
    withGroups(async ({ graph, groups, simulator }) => {
      const group = groups.add({ displayName: 'G' })
      const conversations = groupConversations(simulator.tenant)
      const thread = conversations.addThread(group.id, 'T')
      const post = conversations.addPost(thread, { from: alex, html: 'x' })
      const reply = `/groups/${group.id}/threads/${thread.id}/posts/${post.id}/reply`
      const json = { post: { body: { contentType: 'text', content: 'y' } } }
      expect((await graph(reply, { method: 'POST', json })).status).toBe(202)
      expect(conversations.mailed).toBe(1)
      expect(thread.posts).toHaveLength(2)
    }))

  test('a group without a mailbox has none', () =>
    withGroups(async ({ graph, groups }) => {
      const group = groups.add({ displayName: 'Guards', unified: false })
      expect(errorCode(await graph(`/groups/${group.id}/threads`))).toBe('MailboxNotEnabledForRESTAPI')
    }))
})
