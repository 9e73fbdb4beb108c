import { describe, expect, it } from 'vitest'
import { findPath, measure, outermost } from '../../../../src-main/commands/parts/snapshot-paths.ts'
import { rootsOf } from '../../../../src-main/commands/parts/snapshot-roots.ts'
import type { HexId, OpenRepository } from '../../../../src-main/engine/index.ts'
import type { Tree, TreeNode } from '../../../../src-main/engine/model/tree.ts'
import type { RootKind } from '../../../../src-main/engine/ports/data-type.ts'

const signal = new AbortController().signal
const time = '2026-01-01T00:00:00Z'

interface Folder {
  readonly [name: string]: Folder | number
}

/** A repository of trees alone, from folders and sizes of files. */
function repositoryOf(root: Folder): { readonly repository: OpenRepository; readonly tree: HexId } {
  const trees = new Map<string, Tree>()
  const add = (folder: Folder): HexId => {
    const nodes = Object.entries(folder).map(([name, value]): TreeNode => {
      const common = { name, mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
      return typeof value === 'number'
        ? { ...common, type: 'file', size: value, content: [] }
        : { ...common, type: 'dir', content: null, subtree: add(value) }
    })
    const id = trees.size.toString(16).padStart(64, '0') as HexId
    trees.set(id, { nodes })
    return id
  }
  const tree = add(root)
  // Only trees are read.
  const repository = { tree: (id: HexId) => Promise.resolve(trees.get(id)) } as unknown as OpenRepository
  return { repository, tree }
}

const { repository, tree } = repositoryOf({
  '.holdfast': { 'run.json': 100 },
  users: {
    ada: {
      onedrive: { OneDrive: { files: { 'a.txt': 100 }, metadata: { 'a.txt.json': 1 } } },
      mailbox: { Inbox: { '2024-03': { 'a ~x.eml': 10, 'a ~x.json': 1, 'b v1.5 ~y.json': 2 }, '.folder.json': 3 } },
    },
    bob: { mailbox: {} },
  },
})

const inbox = 'users/ada/mailbox/Inbox'

describe('a path in a snapshot', () => {
  const found = (path: string) => findPath(repository, tree, path, signal)

  it('leads to a folder, a file, or everything', async () => {
    expect(await found(`/${inbox}/`)).toEqual({ path: inbox, nodes: [inbox] })
    const file = `${inbox}/2024-03/a ~x.eml`
    expect(await found(file)).toEqual({ path: file, nodes: [file], item: `${inbox}/2024-03/a ~x` })
    expect(await found('/')).toEqual({ path: '', nodes: [''] })
  })

  it('leads to the files of an item that is named without an extension', async () => {
    const item = `${inbox}/2024-03/a ~x`
    expect(await found(item)).toEqual({ path: item, nodes: [`${item}.eml`, `${item}.json`], item })
    const dotted = `${inbox}/2024-03/b v1.5 ~y`
    expect(await found(dotted)).toEqual({ path: dotted, nodes: [`${dotted}.json`], item: dotted })
  })

  it('leads to a file of a drive, whose name is whole', async () => {
    const file = 'users/ada/onedrive/OneDrive/files/a.txt'
    expect(await found(file)).toEqual({ path: file, nodes: [file], item: file })
    const metadata = 'users/ada/onedrive/OneDrive/metadata/a.txt'
    expect(await found(metadata)).toMatchObject({ nodes: [`${metadata}.json`], item: metadata })
    expect(await found(`${metadata}.json`)).toMatchObject({ item: metadata })
    const error = { code: 'repository.path-not-found' }
    await expect(found('users/ada/onedrive/OneDrive/files/a')).rejects.toMatchObject(error)
  })

  it.each(['users/eve', 'users/ada/mailbox/Inbox/2024-03/a', 'users/ada/mailbox/Inbox/.folder.json/x', 'Users'])(
    'is not there: %s',
    async (path) => {
      await expect(found(path)).rejects.toMatchObject({ code: 'repository.path-not-found', context: { path } })
    },
  )

  it('counts once, whatever else is named', () => {
    expect(outermost(['/a/b/', 'a/b/c', 'a/b', 'a/bc', 'd'])).toEqual(['a/b', 'a/bc', 'd'])
    expect(outermost(['a', '/'])).toEqual([''])
    expect(outermost([])).toEqual([])
  })

  it('is compared with as many others as it has folders above it', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `${inbox}/${String(at % 100)}/${String(at)}`)
    const paths = outermost([...many, `${inbox}/7`])
    expect(paths).toHaveLength(19_801)
  }, 20_000)

  it('holds so much', async () => {
    expect(await measure(repository, tree, [], signal)).toEqual({ files: 7, folders: 12, bytes: 217 })
    expect(await measure(repository, tree, [''], signal)).toEqual({ files: 7, folders: 12, bytes: 217 })
    expect(await measure(repository, tree, [inbox], signal)).toEqual({ files: 4, folders: 2, bytes: 16 })
    const files = [`${inbox}/2024-03/a ~x.eml`, 'users/bob']
    expect(await measure(repository, tree, files, signal)).toEqual({ files: 1, folders: 2, bytes: 10 })
  })
})

describe('the roots of a snapshot', () => {
  const host = 'contoso.sharepoint.example'
  const tenant = repositoryOf({
    users: { ada: { mailbox: {} }, bob: {} },
    groups: { 'sales@contoso.example': { group: {} } },
    sites: {
      [host]: {
        lists: {},
        sites: { marketing: { site: {}, pages: {}, press: { libraries: {} } } },
        teams: { x: { lists: {} } },
      },
      'other.example': { sites: { hidden: {} } },
    },
  })
  const roots = async (kind: RootKind): Promise<string[]> => {
    const found: string[] = []
    for await (const { path } of rootsOf(tenant.repository, tenant.tree, kind, signal)) found.push(path)
    return found
  }

  it('are found by their kind, sites at any depth', async () => {
    expect(await roots('user')).toEqual(['users/ada', 'users/bob'])
    expect(await roots('group')).toEqual(['groups/sales@contoso.example'])
    expect(await roots('site')).toEqual([
      `sites/${host}`,
      `sites/${host}/sites/marketing`,
      `sites/${host}/sites/marketing/press`,
      `sites/${host}/teams/x`,
    ])
  })
})
