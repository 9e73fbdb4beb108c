import { describe, expect, test } from 'vitest'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import { connect, errorCode, textAt, valueOf } from './client.ts'
import { alex, megan, nobody, withSmall } from './tenant.ts'

describe('users', () => {
  test('are listed with the documented default properties', () =>
    withSmall(async ({ graph }) => {
      const users = valueOf(await graph('/users'))
      expect(users.map((user) => user.userPrincipalName)).toEqual([alex, megan, nobody])
      expect(Object.keys(users[0] ?? {}).toSorted()).toEqual(
        [
          'businessPhones',
          'displayName',
          'givenName',
          'id',
          'jobTitle',
          'mail',
          'mobilePhone',
          'officeLocation',
          'preferredLanguage',
          'surname',
          'userPrincipalName',
        ].toSorted(),
      )
    }))

  test('show exactly what is selected', () =>
    withSmall(async ({ graph }) => {
      const users = valueOf(await graph('/users?$select=id,mail'))
      expect(Object.keys(users[0] ?? {})).toEqual(['id', 'mail'])
      const wrong = await graph('/users?$select=id,shoeSize')
      expect([wrong.status, errorCode(wrong)]).toEqual([400, 'RequestBroker--ParseUri'])
    }))

  test('come in pages behind an opaque link', async () => {
    const simulator = await startGraphSimulator({
      tenant: (tenant) => {
        for (let number = 0; number < 250; number++) {
          tenant.addUser({ userPrincipalName: `u${String(number)}@contoso.example`, mailbox: false })
        }
      },
    })
    try {
      const graph = await connect(simulator)
      const names: string[] = []
      let link: string | undefined = '/users?$select=userPrincipalName'
      const sizes: number[] = []
      while (link !== undefined) {
        const answer = await graph(link)
        const page = valueOf(answer)
        sizes.push(page.length)
        names.push(...page.map((user) => textAt(user, 'userPrincipalName')))
        const next = answer.json['@odata.nextLink']
        link = typeof next === 'string' ? next : undefined
      }
      expect(sizes).toEqual([100, 100, 50])
      expect(new Set(names).size).toBe(250)
      expect(valueOf(await graph('/users?$top=999'))).toHaveLength(250)
    } finally {
      await simulator.close()
    }
  })

  test.each(['$top=0', '$top=1000', '$skip=1', '$skiptoken=abc', '$top=x'])('refuse %s', (query) =>
    withSmall(async ({ graph }) => {
      expect((await graph(`/users?${query}`)).status).toBe(400)
    }),
  )

  test('can be filtered by name', () =>
    withSmall(async ({ graph }) => {
      const byName = valueOf(await graph(`/users?$filter=userPrincipalName eq '${megan}'`))
      expect(byName.map((user) => user.displayName)).toEqual(['Megan Bowen'])
      expect(valueOf(await graph("/users?$filter=startswith(displayName,'Al')"))).toHaveLength(1)
      expect((await graph("/users?$filter=displayName like 'x'")).status).toBe(400)
    }))

  test('are found by id and by name, whatever its case', () =>
    withSmall(async ({ graph }) => {
      const byName = await graph(`/users/${alex.toUpperCase()}?$select=id`)
      const byId = await graph(`/users/${textAt(byName.json, 'id')}`)
      expect(byId.json.userPrincipalName).toBe(alex)
    }))

  test('without a mailbox, unknown, or with one taken away', () =>
    withSmall(async ({ simulator, graph }) => {
      const none = await graph(`/users/${nobody}/mailFolders`)
      expect([none.status, errorCode(none)]).toEqual([404, 'MailboxNotEnabledForRESTAPI'])
      const unknown = await graph('/users/who@contoso.example/mailFolders')
      expect([unknown.status, errorCode(unknown)]).toEqual([404, 'ErrorInvalidUser'])
      expect((await graph(`/users/${alex}/mailFolders`)).status).toBe(200)
      simulator.tenant.removeMailbox(alex)
      expect(errorCode(await graph(`/users/${alex}/mailFolders`))).toBe('MailboxNotEnabledForRESTAPI')
      simulator.tenant.removeUser(alex)
      expect(errorCode(await graph(`/users/${alex}`))).toBe('Request_ResourceNotFound')
    }))
})
