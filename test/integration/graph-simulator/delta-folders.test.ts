import { describe, expect, test } from 'vitest'
import { errorCode, followDelta } from './client.ts'
import { alex, withSmall } from './tenant.ts'

const delta = `/users/${alex}/mailFolders/delta`

describe('folder delta', () => {
  test('lists every level flat, without hidden folders', () =>
    withSmall(async ({ simulator, graph }) => {
      simulator.tenant.addFolder(alex, { displayName: 'Below secret', parent: 'Secret' })
      const { entities } = await followDelta(graph, delta, { pageSize: 3 })
      const names = entities.map((folder) => folder.displayName)
      expect(names).toContain('Projects')
      expect(names).toContain('2024')
      expect(names).not.toContain('Secret')
      expect(names).not.toContain('Below secret')
      expect(names).not.toContain('Top of Information Store')
      expect(names).toHaveLength(10)
    }))

  test('shows what happened since', () =>
    withSmall(async ({ simulator, graph }) => {
      const { tenant } = simulator
      const first = await followDelta(graph, delta)
      expect((await followDelta(graph, first.deltaLink)).entities).toEqual([])
      const added = tenant.addFolder(alex, { displayName: 'New', parent: 'Projects' })
      const inner = tenant.folder(alex, ['Projects', '2024'])
      tenant.renameFolder(alex, 'Projects', 'Renamed')
      tenant.moveFolder(alex, added.id, 'inbox')
      tenant.deleteFolder(alex, inner.id, { permanent: true })
      const { entities } = await followDelta(graph, first.deltaLink)
      expect(entities.at(-1)).toEqual({ id: inner.id, '@removed': { reason: 'deleted' } })
      expect(entities).toContainEqual(expect.objectContaining({ displayName: 'Renamed' }))
      const last = entities.findLast((folder) => folder.id === added.id)
      expect(last).toMatchObject({ parentFolderId: tenant.folder(alex, 'inbox').id })
    }))

  test('tokens die, and take no options they do not know', () =>
    withSmall(async ({ simulator, graph }) => {
      const { deltaLink } = await followDelta(graph, delta)
      simulator.tenant.breakCursors(alex)
      const answer = await graph(deltaLink)
      expect([answer.status, errorCode(answer)]).toEqual([410, 'SyncStateNotFound'])
      expect(errorCode(await graph(`${delta}?$top=5`))).toBe('ErrorInvalidUrlQuery')
    }))
})
