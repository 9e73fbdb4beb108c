import { describe, expect, test } from 'vitest'
import { errorCode, textAt, valueOf } from './client.ts'
import { alex, mail, megan, withSmall } from './tenant.ts'

const folders = `/users/${alex}/mailFolders`

describe('reading folders', () => {
  test('gives the top level only, hidden ones on request', () =>
    withSmall(async ({ graph }) => {
      const names = (await graphNames(graph, `${folders}?$top=100`)).toSorted()
      expect(names).toContain('Projects')
      expect(names).not.toContain('2024')
      expect(names).not.toContain('Secret')
      expect(await graphNames(graph, `${folders}?$top=100&includeHiddenFolders=true`)).toContain('Secret')
    }))

  test('comes in pages of ten', () =>
    withSmall(async ({ simulator, graph }) => {
      for (let number = 0; number < 5; number++) simulator.tenant.addFolder(alex, { displayName: `F${String(number)}` })
      const first = await graph(folders)
      expect(valueOf(first)).toHaveLength(10)
      const second = await graph(textAt(first.json, '@odata.nextLink'))
      expect(valueOf(second)).toHaveLength(4)
      expect(second.json).not.toHaveProperty('@odata.nextLink')
    }))

  test('counts children and items', () =>
    withSmall(async ({ graph }) => {
      const inbox = (await graph(`${folders}/inbox`)).json
      expect(inbox).toMatchObject({ displayName: 'Inbox', totalItemCount: 5, unreadItemCount: 3, childFolderCount: 0 })
      const all = valueOf(await graph(`${folders}?$top=100`))
      expect(all.find((folder) => folder.displayName === 'Projects')).toMatchObject({ childFolderCount: 1 })
    }))

  test('finds well-known folders whatever the language, and says which are not there', () =>
    withSmall(async ({ graph }) => {
      const inbox = await graph(`/users/${megan}/mailFolders/inbox`)
      expect(inbox.json.displayName).toBe('Posteingang')
      const clutter = await graph(`${folders}/clutter`)
      expect([clutter.status, errorCode(clutter)]).toEqual([404, 'ErrorItemNotFound'])
      const nonsense = await graph(`${folders}/Projects`)
      expect([nonsense.status, errorCode(nonsense)]).toEqual([400, 'ErrorInvalidIdMalformed'])
    }))

  test('has ids that are case-sensitive and may differ only in case', () =>
    withSmall(async ({ simulator, graph }) => {
      const ids = simulator.tenant.folders(alex).map((folder) => folder.id)
      const lower = ids.map((id) => id.toLowerCase())
      expect(new Set(ids).size).toBe(ids.length)
      expect(new Set(lower).size).toBeLessThan(ids.length)
      const inbox = simulator.tenant.folder(alex, 'inbox').id
      expect((await graph(`${folders}/${encodeURIComponent(inbox)}`)).json.displayName).toBe('Inbox')
    }))

  test('goes down through childFolders, and only there', () =>
    withSmall(async ({ simulator, graph }) => {
      const projects = simulator.tenant.folder(alex, 'Projects').id
      const inner = simulator.tenant.folder(alex, ['Projects', '2024']).id
      const children = valueOf(await graph(`${folders}/${projects}/childFolders`))
      expect(children.map((folder) => folder.id)).toEqual([inner])
      expect((await graph(`${folders}/${projects}/childFolders/${inner}`)).json.displayName).toBe('2024')
      expect((await graph(`${folders}/inbox/childFolders/${inner}`)).status).toBe(404)
    }))

  test('refuses ids of another mailbox', () =>
    withSmall(async ({ simulator, graph }) => {
      const foreign = simulator.tenant.folder(megan, 'inbox').id
      const answer = await graph(`${folders}/${foreign}`)
      expect([answer.status, errorCode(answer)]).toEqual([404, 'ErrorInvalidMailboxItemId'])
    }))
})

async function graphNames(
  graph: Parameters<Parameters<typeof withSmall>[0]>[0]['graph'],
  path: string,
): Promise<string[]> {
  return valueOf(await graph(path)).map((folder) => textAt(folder, 'displayName'))
}

describe('changing folders', () => {
  test('creates, renames, moves, deletes', () =>
    withSmall(async ({ simulator, graph }) => {
      const created = await graph(folders, { method: 'POST', json: { displayName: 'New' } })
      expect([created.status, created.json.displayName, created.json.isHidden]).toEqual([201, 'New', false])
      const id = textAt(created.json, 'id')
      const renamed = await graph(`${folders}/${id}`, { method: 'PATCH', json: { displayName: 'Renamed' } })
      expect([renamed.status, renamed.json.displayName, renamed.json.id]).toEqual([200, 'Renamed', id])
      const moved = await graph(`${folders}/${id}/move`, { method: 'POST', json: { destinationId: 'inbox' } })
      expect([moved.status, moved.json.id]).toEqual([200, id])
      expect(simulator.tenant.folder(alex, id).path).toEqual(['Inbox', 'Renamed'])
      expect((await graph(`${folders}/${id}`, { method: 'DELETE' })).status).toBe(204)
      expect(simulator.tenant.folder(alex, id).path).toEqual(['Deleted Items', 'Renamed'])
      expect((await graph(`${folders}/${id}`, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(`${folders}/${id}`)).status).toBe(404)
    }))

  test('creates hidden and nested folders', () =>
    withSmall(async ({ simulator, graph }) => {
      const hidden = await graph(folders, { method: 'POST', json: { displayName: 'Veiled', isHidden: true } })
      expect(hidden.json.isHidden).toBe(true)
      const nested = await graph(`${folders}/inbox/childFolders`, { method: 'POST', json: { displayName: 'Below' } })
      expect(simulator.tenant.folder(alex, textAt(nested.json, 'id')).path).toEqual(['Inbox', 'Below'])
    }))

  test('refuses an equal name on one level, whatever its case; Outlook itself may make one', () =>
    withSmall(async ({ simulator, graph }) => {
      const answer = await graph(folders, { method: 'POST', json: { displayName: 'PROJECTS' } })
      expect([answer.status, errorCode(answer)]).toEqual([409, 'ErrorFolderExists'])
      const twin = simulator.tenant.addFolder(alex, { displayName: 'Projects' })
      const names = await graphNames(graph, `${folders}?$top=100`)
      expect(names.filter((name) => name === 'Projects')).toHaveLength(2)
      const rename = await graph(`${folders}/${twin.id}`, { method: 'PATCH', json: { displayName: 'inbox' } })
      expect(errorCode(rename)).toBe('ErrorFolderExists')
    }))

  test('refuses what the folders of the service do not allow', () =>
    withSmall(async ({ graph }) => {
      const deleted = await graph(`${folders}/inbox`, { method: 'DELETE' })
      expect(errorCode(deleted)).toBe('ErrorDeleteDistinguishedFolder')
      const nameless = await graph(folders, { method: 'POST', json: {} })
      expect(nameless.status).toBe(400)
      const untyped = await graph(folders, { method: 'POST', body: '{"displayName":"x"}' })
      expect(untyped.status).toBe(400)
    }))

  test('keeps counts right', () =>
    withSmall(async ({ simulator, graph }) => {
      const added = simulator.tenant.addMessage(alex, 'inbox', mail(9))
      simulator.tenant.setRead(alex, added.id, true)
      simulator.tenant.moveMessage(alex, added.id, 'archive')
      expect((await graph(`${folders}/archive`)).json).toMatchObject({ totalItemCount: 1, unreadItemCount: 0 })
      expect((await graph(`${folders}/inbox`)).json).toMatchObject({ totalItemCount: 5, unreadItemCount: 3 })
      simulator.tenant.deleteMessage(alex, added.id)
      expect((await graph(`${folders}/archive`)).json).toMatchObject({ totalItemCount: 0 })
      expect((await graph(`${folders}/deleteditems`)).json).toMatchObject({ totalItemCount: 1 })
    }))
})
