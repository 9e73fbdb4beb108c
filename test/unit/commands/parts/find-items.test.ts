import { describe, expect, it } from 'vitest'
import { findItems, type ItemQuery } from '../../../../src-main/commands/parts/find-items.ts'
import type { Catalog, FindQuery, FoundItem } from '../../../../src-main/engine/index.ts'

/** A catalog of paths and times, newest first. */
function catalogOf(items: readonly (readonly [string, number])[]) {
  const asked: FindQuery[] = []
  const find = (query: FindQuery): readonly FoundItem[] => {
    asked.push(query)
    const { type, limit, offset = 0 } = query
    const found = items.filter(([path]) => type === undefined || path.split('/')[2] === type)
    const sorted = found.toSorted(([, one], [, other]) => other - one).slice(offset, offset + limit)
    return sorted.map(([path, time]) => ({ path, time }) as FoundItem)
  }
  return { catalog: { find } as unknown as Catalog, asked }
}

const { catalog } = catalogOf([
  ['users/ada/mailbox/a', 5],
  ['groups/sales/mailbox/b', 4],
  ['users/ada/onedrive/c', 3],
  ['groups/sales/files/d', 6],
  ['users/bob/mailbox/e', 1],
])

function paths(query: Partial<ItemQuery>, from = catalog): string[] {
  return [...findItems(from, { words: [], limit: 100, ...query })].map(({ path }) => path)
}

describe('what is found', () => {
  it('is what the catalog finds, as much as is asked for', () => {
    expect(paths({ limit: 2 })).toEqual(['groups/sales/files/d', 'users/ada/mailbox/a'])
    expect(paths({})).toHaveLength(5)
  })

  it('is of one kind of root, though another has a folder of the same name', () => {
    expect(paths({ types: { user: ['mailbox'], group: [], site: [] } })).toEqual([
      'users/ada/mailbox/a',
      'users/bob/mailbox/e',
    ])
    expect(paths({ types: { user: [], group: ['mailbox'], site: [] } })).toEqual(['groups/sales/mailbox/b'])
  })

  it('is newest first, whatever the folders are called', () => {
    const types = { user: ['onedrive', 'mailbox'], group: ['files'], site: ['libraries'] }
    expect(paths({ types })).toEqual([
      'groups/sales/files/d',
      'users/ada/mailbox/a',
      'users/ada/onedrive/c',
      'users/bob/mailbox/e',
    ])
    expect(paths({ types, limit: 2 })).toEqual(['groups/sales/files/d', 'users/ada/mailbox/a'])
  })

  it('is asked for in pages', () => {
    const large = catalogOf(Array.from({ length: 2500 }, (_, at) => [`users/ada/mailbox/${at}`, at] as const))
    expect(paths({ limit: 1200 }, large.catalog)).toHaveLength(1200)
    expect(large.asked.map(({ limit, offset }) => [limit, offset])).toEqual([
      [1000, 0],
      [1000, 1000],
    ])
    expect(paths({ limit: 100_000 }, large.catalog)).toHaveLength(2500)
  })
})
