import { describe, expect, it } from 'vitest'
import { chooseRoots, type RootListers } from '../../../../src-main/commands/parts/choose-roots.ts'
import { readRootFilter } from '../../../../src-main/commands/parts/root-filter.ts'
import { isInShard, type Shard } from '../../../../src-main/commands/parts/shard.ts'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import type { Root, RootKind, RootLister, UnlistedRoots } from '../../../../src-main/engine/ports/data-type.ts'
import { refusal } from './parsing.ts'

const signal = new AbortController().signal
const host = 'contoso.sharepoint.example'

function root(kind: RootKind, name: string, properties: JsonObject = {}): Root {
  return { kind, id: `id-of-${name}`, name, properties }
}

const everybody = ['ada@contoso.example', 'Bob@contoso.example', 'eve@test.contoso.example']
const users = everybody.map((name) => root('user', name))
const groups = [
  root('group', 'sales@contoso.example', { mail: 'sales@contoso.example', displayName: 'Sales North' }),
  root('group', 'Board ~abcdefghij', { displayName: 'Board' }),
]
const sites = ['', '/sites/marketing', '/sites/marketing/press', '/teams/Moon'].map((path) =>
  root('site', `${host}${path}`),
)

interface Lister extends RootLister {
  /** Names that were looked up, and "*" for a listing. */
  readonly asked: string[]
}

/** Knows its roots by name in any case, by id, and Ada by another address. */
function lister(roots: readonly Root[], failure?: EngineError): Lister {
  const asked: string[] = []
  return {
    tenant: 'contoso',
    asked,
    async *roots() {
      asked.push('*')
      await Promise.resolve()
      if (failure !== undefined) throw failure
      yield* roots
    },
    root: async (idOrName) => {
      asked.push(idOrName)
      await Promise.resolve()
      if (failure !== undefined) throw failure
      const name = idOrName === 'ada.lovelace@contoso.example' ? 'ada@contoso.example' : idOrName.toLowerCase()
      const found = roots.find((one) => one.name.toLowerCase() === name || one.id === idOrName)
      if (found === undefined) throw new EngineError('restore.target-not-found')
      return found
    },
  }
}

function tenant(changes: Partial<Record<RootKind, Lister>> = {}) {
  return { user: lister(users), group: lister(groups), site: lister(sites), ...changes }
}

interface Choice {
  readonly shard?: Shard
  readonly listers?: RootListers & Readonly<Record<RootKind, Lister>>
  readonly isRead?: (kind: RootKind) => boolean
}

async function choose(include: readonly string[], exclude: readonly string[] = [], { shard, ...choice }: Choice = {}) {
  const listers = choice.listers ?? tenant()
  const filter = readRootFilter(include, exclude, choice.isRead)
  const chosen = await chooseRoots({ ...filter, shard }, listers, signal)
  const taken: (Root | UnlistedRoots)[] = []
  for await (const one of chosen.roots) taken.push(one)
  const names = taken.map((one) => ('unlisted' in one ? `${one.unlisted}: ${one.code}` : one.name))
  const { paths, missing, empty, counts } = chosen
  const asked = { user: listers.user.asked, group: listers.group.asked, site: listers.site.asked }
  return { names, taken, paths, missing, empty, counts, asked, groupName: chosen.groupName }
}

const users3 = users.map(({ name }) => name)
const all = [...users, ...groups, ...sites].map(({ name }) => name)

describe('which users are read', () => {
  it('all, when nothing else is said', async () => {
    for (const include of ['users', 'users/*', '/users/**', 'Users/*/**'])
      expect(await choose([include])).toMatchObject({ names: users3, paths: ['/users'], missing: [] })
  })

  it('single ones, by name, other address or id, without reading the list of all', async () => {
    expect(await choose(['users/BOB@contoso.example', 'users/ada.lovelace@contoso.example'])).toMatchObject({
      names: ['Bob@contoso.example', 'ada@contoso.example'],
      paths: ['/users/Bob@contoso.example', '/users/ada@contoso.example'],
      missing: [],
      asked: { user: ['BOB@contoso.example', 'ada.lovelace@contoso.example'], group: [], site: [] },
    })
    expect(await choose(['users/id-of-ada@contoso.example/'])).toMatchObject({ names: ['ada@contoso.example'] })
  })

  it('one that is named twice is read once', async () => {
    const chosen = await choose(['users/ada@contoso.example', 'users/ADA@contoso.example/**', 'users/a*'])
    expect(chosen.names).toEqual(['ada@contoso.example'])
    expect(chosen.paths).toEqual(['/users/a*', '/users/ada@contoso.example'])
  })

  it('those that fit a pattern; the pattern names the series, whoever comes and goes', async () => {
    expect(await choose(['users/*@contoso.example'])).toMatchObject({
      names: ['ada@contoso.example', 'Bob@contoso.example'],
      paths: ['/users/*@contoso.example'],
    })
    // A dot is a dot.
    expect(await choose(['users/ada@contosoxexample*'])).toMatchObject({ names: [], empty: 'none' })
  })

  it('without those that are left out', async () => {
    expect(await choose(['users'], ['users/*@test.contoso.example', 'users/bob@CONTOSO.example'])).toMatchObject({
      names: ['ada@contoso.example'],
      paths: ['/users'],
    })
  })

  it('tells whom nobody knows, and keeps the series for the others', async () => {
    const include = ['users/ada@contoso.example', 'users/Gone@contoso.example']
    expect(await choose(include)).toMatchObject({
      names: ['ada@contoso.example'],
      missing: [{ kind: 'user', name: 'Gone@contoso.example' }],
      paths: ['/users/ada@contoso.example', '/users/gone@contoso.example'],
    })
  })
})

describe('which groups and sites are read', () => {
  it('all of them with the users, in the order in which sites know what groups have', async () => {
    for (const include of [[], ['**']]) {
      const chosen = await choose(include)
      expect(chosen).toMatchObject({ names: all, paths: ['/groups', '/sites', '/users'] })
      expect(chosen.counts).toEqual({ user: 3, group: 2, site: 4 })
    }
  })

  it('none of the kinds that are not mentioned', async () => {
    expect(await choose(['groups/sales@contoso.example'])).toMatchObject({
      names: ['sales@contoso.example'],
      paths: ['/groups/sales@contoso.example'],
      asked: { user: [], group: ['sales@contoso.example'], site: [] },
    })
  })

  it('groups by address or name, with any letters', async () => {
    expect((await choose(['groups/sales*'])).names).toEqual(['sales@contoso.example'])
    expect((await choose(['groups/* north'])).names).toEqual(['sales@contoso.example'])
    expect((await choose(['groups'], ['groups/Board'])).names).toEqual(['sales@contoso.example'])
    expect((await choose(['groups/id-of-Board*'])).names).toEqual(['Board ~abcdefghij'])
  })

  it('sites by their address, alone or with those below', async () => {
    const marketing = `${host}/sites/marketing`
    expect((await choose([`sites/${marketing}`])).names).toEqual([marketing])
    expect((await choose([`sites/https://${marketing}/`])).names).toEqual([marketing])
    expect((await choose([`sites/${marketing}/**`])).names).toEqual([marketing, `${marketing}/press`])
    expect((await choose(['sites/*/sites/*'])).names).toEqual([marketing])
    expect((await choose(['sites/**/moon'])).names).toEqual([`${host}/teams/Moon`])
    expect((await choose(['sites'], [`sites/${marketing}/**`])).names).toEqual([host, `${host}/teams/Moon`])
  })

  it('a site by the address that a browser shows, whatever its folder is called', async () => {
    const odd = { ...root('site', `${host}/sites/a_b`), properties: { webUrl: `https://${host}/sites/a%20b` } }
    const listers = tenant({ site: lister([odd]) })
    expect((await choose(['sites/*/sites/a b*'], [], { listers })).taken).toEqual([odd])
  })

  it('no kind that is left out as a whole, in the options or by --exclude', async () => {
    const isRead = (kind: RootKind): boolean => kind !== 'site'
    const chosen = await choose([], ['groups/**'], { isRead })
    expect(chosen).toMatchObject({ names: users3, paths: ['/users'], asked: { group: [], site: [] } })
    expect(await refusal(() => readRootFilter([`sites/${host}`], [], isRead))).toContain('nothing of sites is read')
    expect(await refusal(() => readRootFilter([], ['users', 'groups'], isRead))).toContain('Nothing is left to read')
  })

  it('knows of every group that fits, for the sites’ sake', async () => {
    const chosen = await choose([], ['groups/Board'], { shard: { index: 1, count: 1000 } })
    expect(chosen.groupName('ID-OF-sales@contoso.example')).toBe('sales@contoso.example')
    expect(chosen.groupName('id-of-Board ~abcdefghij')).toBeUndefined()
  })

  it('refuses what does not name any', async () => {
    expect(await refusal(() => readRootFilter([], ['ada@contoso.example']))).toContain(
      'patterns begin with users/, groups/',
    )
    expect(await refusal(() => readRootFilter(['**/lists'], []))).toContain('patterns begin with')
  })
})

describe('a kind of root that may not be listed', () => {
  const forbidden = lister([], new EngineError('graph.forbidden'))

  it('is told, and the others are read', async () => {
    const chosen = await choose([], [], { listers: tenant({ group: forbidden }) })
    expect(chosen.taken).toContainEqual({ unlisted: 'group', code: 'graph.forbidden' })
    expect(chosen.taken.filter((one) => 'name' in one)).toHaveLength(7)
    expect(chosen.paths).toEqual(['/groups', '/sites', '/users'])
  })

  it('is told for a single name too', async () => {
    const include = ['users/ada@contoso.example', 'groups/sales@contoso.example']
    const chosen = await choose(include, [], { listers: tenant({ group: forbidden }) })
    expect(chosen).toMatchObject({ names: ['ada@contoso.example', 'group: graph.forbidden'], missing: [] })
  })

  it('is an error if nothing else is read', async () => {
    const listers = tenant({ user: forbidden, group: forbidden, site: forbidden })
    await expect(choose([], [], { listers })).rejects.toMatchObject({ code: 'graph.forbidden' })
    await expect(choose(['groups'], [], { listers: tenant({ group: forbidden }) })).rejects.toMatchObject({
      code: 'graph.forbidden',
    })
  })

  it('may be a part of the sites: those below one that is closed', async () => {
    const closed: UnlistedRoots = { unlisted: 'site', below: `${host}/sites/marketing`, code: 'graph.locked' }
    const site = {
      ...lister(sites),
      async *roots() {
        yield* sites.slice(0, 2)
        yield await Promise.resolve(closed)
        yield* sites.slice(3)
      },
    }
    const listers = { ...tenant(), site }
    const filter = readRootFilter(['sites'], [`sites/${host}/teams/*`])
    const chosen = await chooseRoots({ ...filter, shard: undefined }, listers, signal)
    const taken: (Root | UnlistedRoots)[] = []
    for await (const one of chosen.roots) taken.push(one)
    expect(taken).toEqual([...sites.slice(0, 2), closed])
  })

  it('is not what any other failure is', async () => {
    const down = lister([], new EngineError('graph.unreachable'))
    await expect(choose([], [], { listers: tenant({ group: down }) })).rejects.toMatchObject({
      code: 'graph.unreachable',
    })
  })
})

describe('a shard', () => {
  it('has its part of what fits, and series of its own', async () => {
    const shards = [1, 2, 3].map((index) => ({ index, count: 3 }))
    const chosen = await Promise.all(shards.map((shard) => choose([], [], { shard })))
    expect(chosen.flatMap(({ names }) => names).sort()).toEqual([...all].sort())
    for (const [at, shard] of shards.entries())
      expect(chosen[at]?.taken.every((one) => !('unlisted' in one) && isInShard(one, shard))).toBe(true)
    expect(chosen[1]?.paths).toEqual(['/groups', '/sites', '/users'].map((path) => `${path} (shard 2 of 3)`))
  })

  it('may be empty, which is not the same as that nothing fits', async () => {
    const include = ['users/ada@contoso.example']
    const shards = [1, 2].map((index) => ({ index, count: 2 }))
    const empty = await Promise.all(shards.map(async (shard) => (await choose(include, [], { shard })).empty))
    expect(empty.toSorted()).toEqual(['shard', undefined])
    const nobody = await choose(['users/x*'], [], { shard: { index: 1, count: 2 } })
    expect(nobody.empty).toBe('none')
  })
})
