import { describe, expect, it } from 'vitest'
import { chooseRoots } from '../../../src-main/cli/choose-roots.ts'
import { readRootFilter } from '../../../src-main/cli/root-filter.ts'
import { EngineError } from '../../../src-main/engine/model/errors.ts'
import type { Root, RootLister } from '../../../src-main/engine/ports/data-type.ts'
import { refusal } from './parsing.ts'

const signal = new AbortController().signal

function user(name: string, id = `id-of-${name}`): Root {
  return { kind: 'user', id, name }
}

const everybody = [user('ada@contoso.example'), user('Bob@contoso.example'), user('eve@test.contoso.example')]

interface Lister extends RootLister {
  readonly asked: string[]
}

/** A tenant that knows its users by name in any case, by id, and Ada by another address. */
function tenant(users: readonly Root[] = everybody): Lister {
  const asked: string[] = []
  return {
    tenant: 'contoso',
    asked,
    async *roots() {
      asked.push('*')
      yield* users
    },
    root: async (idOrName) => {
      asked.push(idOrName)
      const name = idOrName === 'ada.lovelace@contoso.example' ? 'ada@contoso.example' : idOrName.toLowerCase()
      const found = users.find((root) => root.name.toLowerCase() === name || root.id === idOrName)
      if (found === undefined) throw new EngineError('restore.target-not-found')
      return Promise.resolve(found)
    },
  }
}

async function choose(include: readonly string[], exclude: readonly string[] = [], users = tenant()) {
  const { roots, paths, missing } = await chooseRoots(readRootFilter(include, exclude), users, signal)
  return { names: roots.map(({ name }) => name), paths, missing, asked: users.asked }
}

describe('which users are read', () => {
  it('all, when nothing is said', async () => {
    const all = { names: everybody.map(({ name }) => name), paths: ['/users'], missing: [] }
    for (const include of [[], ['users'], ['users/*'], ['/users/**'], ['**'], ['users/*/**']])
      expect(await choose(include)).toMatchObject(all)
  })

  it('single ones, by name, other address or id, without reading the list of all', async () => {
    expect(await choose(['users/BOB@contoso.example', 'users/ada.lovelace@contoso.example'])).toEqual({
      names: ['Bob@contoso.example', 'ada@contoso.example'],
      paths: ['/users/Bob@contoso.example', '/users/ada@contoso.example'],
      missing: [],
      asked: ['BOB@contoso.example', 'ada.lovelace@contoso.example'],
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
    expect(await choose(['users/ada@contosoxexample*'])).toMatchObject({ names: [] })
  })

  it('without those that are left out', async () => {
    expect(await choose([], ['users/*@test.contoso.example', 'users/bob@CONTOSO.example'])).toMatchObject({
      names: ['ada@contoso.example'],
      paths: ['/users'],
    })
  })

  it('tells whom nobody knows, and keeps the series for the others', async () => {
    const include = ['users/ada@contoso.example', 'users/Gone@contoso.example']
    expect(await choose(include)).toMatchObject({
      names: ['ada@contoso.example'],
      missing: ['Gone@contoso.example'],
      paths: ['/users/ada@contoso.example', '/users/gone@contoso.example'],
    })
  })

  it('refuses what does not name users', async () => {
    expect(await refusal(() => readRootFilter(['groups/sales'], []))).toContain('groups are not available yet')
    expect(await refusal(() => readRootFilter([], ['ada@contoso.example']))).toContain('patterns begin with users/')
  })
})
