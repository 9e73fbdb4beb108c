import { describe, expect, it } from 'vitest'
import type { RootChoice } from '../../../../src-main/commands/parts/choose-roots.ts'
import { withoutRepository } from '../../../../src-main/commands/parts/own-repository.ts'
import { ownChoice, withOwnName } from '../../../../src-main/commands/parts/own-root.ts'
import { readRootFilter } from '../../../../src-main/commands/parts/root-filter.ts'
import type {
  Change,
  Container,
  DataTypeReader,
  Root,
  RootLister,
} from '../../../../src-main/engine/ports/data-type.ts'
import { driveReader } from '../../../../src-main/graph/drive/reader.ts'
import type { GraphClient } from '../../../../src-main/graph/client/types.ts'

const { signal } = new AbortController()
const root: Root = { kind: 'user', id: 'u', name: 'ada@contoso.example' }

describe('what a person who signed in reads', () => {
  const choice = (include: readonly string[] = [], exclude: readonly string[] = []): RootChoice => ({
    ...readRootFilter(include, exclude),
    shard: undefined,
  })
  const kinds = ({ kinds: chosen }: RootChoice) => chosen.map(({ kind, all, names }) => [kind, all, names])

  it('is their own, unless roots or kinds are named', () => {
    expect(kinds(ownChoice(choice(), { roots: false, kinds: false }))).toEqual([['user', false, ['me']]])
    expect(kinds(ownChoice(choice(), { roots: false, kinds: true }))).toEqual([
      ['user', false, ['me']],
      ['group', true, []],
      ['site', true, []],
    ])
    expect(kinds(ownChoice(choice(['groups/x']), { roots: true, kinds: false }))).toEqual([['group', false, ['x']]])
    expect(kinds(ownChoice(choice([], ['users/*']), { roots: false, kinds: false }))).toEqual([])
  })

  it('is looked for under the name "me"', async () => {
    const asked: string[] = []
    const lister: RootLister = {
      tenant: 't',
      roots: () => {
        throw new Error('nobody lists')
      },
      root: (name) => {
        asked.push(name)
        return Promise.resolve(root)
      },
    }
    const json = (request: { readonly path: string }): Promise<unknown> => {
      asked.push(request.path)
      return Promise.resolve({ id: 'u', userPrincipalName: 'ada@contoso.example' })
    }
    const users = withOwnName(lister, { json } as unknown as GraphClient)
    expect(await users.root('Me', signal)).toEqual(root)
    await users.root('grace@contoso.example', signal)
    expect(asked).toEqual(['/me', 'grace@contoso.example'])
  })
})

describe('a repository in a drive that is backed up', () => {
  const container = (id: string, parentId?: string): Container => ({ id, parentId, name: id, properties: {} })
  const containers = [
    container('d'),
    container('d/other', 'd'),
    container('d/data', 'd/repository'),
    container('d/repository', 'd/other'),
    container('d/00', 'd/data'),
    container('d/beside', 'd/other'),
  ]
  const changes: readonly Change[] = [
    { kind: 'put', id: 'new', properties: {}, partial: false },
    { kind: 'removed', id: 'old' },
  ]
  const reader: DataTypeReader = {
    ...driveReader({} as unknown as GraphClient, {
      folder: 'onedrive',
      drives: { mayGrow: false, find: () => Promise.reject(new Error('not asked')) },
    }),
    containers: () => Promise.resolve({ containers, cursor: 'c' }),
    async *changes() {
      yield Promise.resolve({ changes, next: undefined, cursor: 'after' })
    },
  }

  async function kindsIn(own: string, id: string): Promise<readonly (readonly string[])[]> {
    const found: string[] = []
    const without = withoutRepository(reader, { container: own, onFound: () => found.push(own) })
    const listing = await without.containers(root, undefined, signal)
    expect(listing.containers).toEqual(containers)
    const seen: string[] = []
    for await (const page of without.changes(root, container(id), {}, signal)) {
      expect(page.cursor).toBe('after')
      seen.push(...page.changes.map(({ kind }) => kind))
    }
    return [seen, found]
  }

  it('gives none of its files, whatever folder they are in', async () => {
    for (const id of ['d/repository', 'd/data', 'd/00'])
      expect(await kindsIn('d/repository', id)).toEqual([['removed'], ['d/repository']])
  })

  it('takes nothing away from what is beside it, or in another drive', async () => {
    for (const id of ['d', 'd/other', 'd/beside'])
      expect(await kindsIn('d/repository', id)).toEqual([['put', 'removed'], ['d/repository']])
    expect(await kindsIn('e/repository', 'd/repository')).toEqual([['put', 'removed'], []])
  })
})
