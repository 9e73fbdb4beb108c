import { describe, expect, it } from 'vitest'
import { kindOfRoot, rootOf, rootPath } from '../../../../src-main/engine/model/root-path.ts'

describe('a path of a snapshot', () => {
  it.each([
    ['users/ada@contoso.example/mailbox/Inbox', 'user', 'users/ada@contoso.example', ['mailbox', 'Inbox']],
    ['groups/sales', 'group', 'groups/sales', []],
    ['sites/contoso.example', 'site', 'sites/contoso.example', []],
    ['sites/contoso.example/lists/Tasks', 'site', 'sites/contoso.example', ['lists', 'Tasks']],
    [
      'sites/contoso.example/sites/a/b/libraries/Docs',
      'site',
      'sites/contoso.example/sites/a/b',
      ['libraries', 'Docs'],
    ],
    ['/sites/contoso.example/sites/a/', 'site', 'sites/contoso.example/sites/a', []],
  ])('is split behind its root: %s', (path, kind, root, rest) => {
    expect(rootOf(path)).toEqual({ kind, root, rest })
  })

  it.each(['', 'users', 'sites/', '.holdfast/run.json', 'home/ada'])('may be in no root: %s', (path) => {
    expect(rootOf(path)).toBeUndefined()
  })

  it('leads back to the kind of its root', () => {
    const site = { kind: 'site', name: 'contoso.example/sites/a' } as const
    expect(rootPath(site)).toBe('sites/contoso.example/sites/a')
    expect(kindOfRoot(rootPath(site))).toBe('site')
  })
})
