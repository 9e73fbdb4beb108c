import { describe, expect, test } from 'vitest'
import { HandClock, items, text, withDrives } from './drive-bench.ts'
import type { DriveBench } from './drive-bench.ts'
import { alex, megan } from './tenant.ts'

const root = `/users/${alex}/drive/root`
const file = `${root}:/f/a.txt:`
const invitation = { recipients: [{ email: megan }], roles: ['write'], requireSignIn: true, sendInvitation: false }

function withFile(use: (bench: DriveBench) => Promise<void>, clock = new HandClock()): Promise<void> {
  return withDrives(
    async (bench) => {
      bench.drives.addFile(alex, 'f/a.txt', 'hello')
      await use(bench)
    },
    { clock, app: { tokenLifetimeSeconds: 1_000_000 } },
  )
}

describe('permissions', () => {
  test('come from above until an item gets its own', () =>
    withFile(async ({ ask, drives }) => {
      const list = async (path: string): Promise<unknown[]> =>
        items(await ask('GET', `${path}/permissions`)).map(({ roles, inheritedFrom }) => [
          roles,
          inheritedFrom !== undefined,
        ])
      expect(await list(root)).toEqual([[['owner'], false]])
      expect(await list(file)).toEqual([[['owner'], true]])
      expect((await ask('GET', file)).json).not.toHaveProperty('shared')
      drives.share(alex, 'f', { to: megan, role: 'write' })
      expect(await list(file)).toEqual([
        [['owner'], true],
        [['write'], true],
      ])
      for (const path of [file, `${root}:/f:`]) expect((await ask('GET', path)).json.shared).toEqual({ scope: 'users' })
      const inherited = items(await ask('GET', `${file}/permissions`))[1]
      expect(inherited).toMatchObject({
        grantedToV2: {
          user: { displayName: 'Megan Bowen', email: megan },
          siteUser: { loginName: `i:0#.f|membership|${megan}` },
        },
        inheritedFrom: { id: drives.itemId(alex, 'f') },
      })
      const path = `${file}/permissions/${inherited?.id ?? ''}`
      expect((await ask('DELETE', path)).codes).toEqual(['invalidRequest'])
      expect((await ask('POST', `${file}/createLink`, { type: 'view', scope: 'anonymous' })).status).toBe(201)
      expect(await list(file)).toEqual([
        [['owner'], false],
        [['write'], false],
        [['read'], false],
      ])
      expect((await ask('GET', file)).json.shared).toEqual({ scope: 'anonymous' })
    }))

  test('an invitation grants access, and mails only when it is told to', () =>
    withFile(async ({ ask, drives }) => {
      drives.addGroup({
        id: '5d1f0c6e-0000-4000-8000-000000000001',
        displayName: 'Sales',
        email: 'sales@contoso.example',
      })
      const quiet = await ask('POST', `${file}/invite`, invitation)
      expect(quiet.status).toBe(200)
      expect(items(quiet)[0]).toMatchObject({ roles: ['write'], grantedToV2: { user: { email: megan } } })
      const many = [{ objectId: '5d1f0c6e-0000-4000-8000-000000000001' }, { email: 'guest@elsewhere.example' }]
      const both = items(await ask('POST', `${file}/invite`, { ...invitation, recipients: many, roles: ['read'] }))
      expect(both[0]).toMatchObject({ grantedToV2: { group: { displayName: 'Sales' } } })
      expect(both[1]).toMatchObject({ invitation: { email: 'guest@elsewhere.example', signInRequired: true } })
      expect(drives.sharingMails).toBe(0)
      await ask('POST', `${file}/invite`, { ...invitation, roles: ['read'], sendInvitation: true, message: 'Look' })
      expect(drives.mails).toEqual([{ item: 'f/a.txt', to: megan, message: 'Look' }])
      expect(drives.dump(alex)[1]?.permissions).toEqual([
        'read guest@elsewhere.example',
        'read megan@contoso.example',
        'read sales@contoso.example',
      ])
    }))

  test('an invitation that is not right is refused', () =>
    withFile(async ({ ask, drives, drive }) => {
      const wrong: [object, string][] = [
        [{ recipients: [] }, 'invalidRequest'],
        [{ recipients: [{ email: 'nobody@contoso.example' }] }, 'noResolvedUsers'],
        [{ recipients: [{ objectId: '00000000-0000-4000-8000-000000000000' }] }, 'noResolvedUsers'],
        [{ recipients: [{ name: 'x' }] }, 'invalidRequest'],
        [{ roles: [] }, 'invalidRequest'],
        [{ roles: ['owner'] }, 'invalidRequest'],
        [{ requireSignIn: false }, 'invalidRequest'],
        [{ sendInvitation: 'no' }, 'invalidRequest'],
        [{ expirationDateTime: '2020-01-01T00:00:00Z' }, 'invalidRequest'],
        [{ other: 1 }, 'invalidRequest'],
      ]
      for (const [body, code] of wrong) {
        const answer = await ask('POST', `${file}/invite`, { ...invitation, ...body })
        expect([body, answer.status, answer.codes.at(-1)]).toEqual([body, 400, code])
      }
      expect((await ask('POST', `/drives/${drive}/items/nothing/invite`, invitation)).status).toBe(404)
      expect(drives.dump(alex)[1]?.permissions).toEqual([])
    }))

  test('links', () =>
    withFile(async ({ ask, drives }) => {
      const link = (body: object): ReturnType<typeof ask> => ask('POST', `${file}/createLink`, body)
      const made = await link({
        type: 'view',
        scope: 'anonymous',
        password: 'secret',
        expirationDateTime: '2027-01-01T00:00:00Z',
      })
      expect(made.status).toBe(201)
      expect(made.json).toMatchObject({
        roles: ['read'],
        hasPassword: true,
        expirationDateTime: '2027-01-01T00:00:00Z',
      })
      expect(made.json.link).toMatchObject({ type: 'view', scope: 'anonymous' })
      const same = await link({ type: 'view', scope: 'anonymous' })
      expect([same.status, same.json.id]).toEqual([200, made.json.id])
      const people = await link({ type: 'edit', scope: 'users', recipients: [{ email: megan }] })
      expect(people.json).toMatchObject({ roles: ['write'], grantedToIdentitiesV2: [{ user: { email: megan } }] })
      const grant = `${file}/permissions/${text(people, 'id')}/grant`
      const more = await ask('POST', grant, { recipients: [{ email: 'guest@elsewhere.example' }], roles: ['write'] })
      expect(items(more)[0]?.grantedToIdentitiesV2).toHaveLength(2)
      expect((await ask('PATCH', `${file}/permissions/${text(people, 'id')}`, { roles: ['read'] })).status).toBe(400)
      for (const body of [
        { type: 'embed' },
        { type: 'x' },
        { scope: 'x' },
        { scope: 'users', password: 'x' },
        { x: 1 },
      ])
        expect((await link(body)).codes).toEqual(['invalidRequest'])
      expect(drives.sharingMails).toBe(0)
    }))

  test('are changed, taken back, and run out', () => {
    const clock = new HandClock()
    return withFile(async ({ ask, drives }) => {
      const id = drives.share(alex, 'f/a.txt', { to: megan })
      const path = `${file}/permissions/${id}`
      expect((await ask('PATCH', path, { roles: ['write'] })).json.roles).toEqual(['write'])
      expect((await ask('PATCH', path, { link: {} })).codes).toEqual(['invalidRequest'])
      const owner = items(await ask('GET', `${file}/permissions`)).find(({ roles }) => String(roles) === 'owner')
      expect((await ask('PATCH', `${file}/permissions/${owner?.id ?? ''}`, { roles: ['read'] })).codes).toEqual([
        'accessDenied',
      ])
      const until = new Date(clock.now() + 60_000).toISOString()
      expect((await ask('PATCH', path, { expirationDateTime: until })).status).toBe(200)
      clock.pass(60_000)
      expect((await ask('GET', path)).status).toBe(404)
      const other = drives.shareByLink(alex, 'f/a.txt', { type: 'edit', scope: 'organization' })
      expect((await ask('DELETE', `${file}/permissions/${other}`)).status).toBe(204)
      expect((await ask('GET', `${file}/permissions/${other}`)).codes).toEqual(['itemNotFound'])
    }, clock)
  })

  test('sharing changes eTag and shows in delta, but leaves cTag', () =>
    withFile(async ({ ask, drives }) => {
      const before = await ask('GET', file)
      const latest = text(await ask('GET', `${root}/delta?token=latest`), '@odata.deltaLink')
      drives.share(alex, 'f/a.txt', { to: megan })
      const after = await ask('GET', file)
      expect([after.json.cTag, after.json.eTag === before.json.eTag]).toEqual([before.json.cTag, false])
      expect(items(await ask('GET', latest)).at(-1)).toMatchObject({ name: 'a.txt', shared: { scope: 'users' } })
    }))
})

describe('versions', () => {
  test('are listed from the newest on, and given except for the current one', () =>
    withFile(async ({ ask, plain, drives }) => {
      drives.edit(alex, 'f/a.txt', 'second')
      drives.edit(alex, 'f/a.txt', 'the third', { by: megan })
      const list = items(await ask('GET', `${file}/versions`))
      expect(list.map(({ id, size }) => [id, size])).toEqual([
        ['3.0', 9],
        ['2.0', 6],
        ['1.0', 5],
      ])
      expect(list[0]?.lastModifiedBy).toMatchObject({ user: { email: megan } })
      const content = await ask('GET', `${file}/versions/1.0/content`)
      expect(content.status).toBe(302)
      expect((await plain('GET', content.headers.get('location') ?? '')).bytes.toString()).toBe('hello')
      for (const current of ['3.0', 'current'])
        expect((await ask('GET', `${file}/versions/${current}/content`)).codes).toEqual(['invalidRequest'])
      expect((await ask('GET', `${file}/versions/9.0`)).codes).toEqual(['itemNotFound'])
      expect((await ask('POST', `${file}/versions/1.0/restoreVersion`)).status).toBe(204)
      expect((await ask('GET', `${file}/versions/current`)).json).toMatchObject({ id: '4.0', size: 5 })
      expect((await ask('GET', `${root}:/f:/versions`)).status).toBe(404)
    }))

  test('are kept up to a limit', () =>
    withFile(async ({ ask, drives }) => {
      drives.behave(alex, { versionLimit: 2 })
      for (const text of ['2', '3', '4']) drives.edit(alex, 'f/a.txt', text)
      expect(items(await ask('GET', `${file}/versions`)).map(({ id }) => id)).toEqual(['4.0', '3.0'])
    }))
})
