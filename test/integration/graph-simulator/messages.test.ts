import { describe, expect, test } from 'vitest'
import { errorCode, textAt, valueOf } from './client.ts'
import { alex, mail, megan, withSmall } from './tenant.ts'

const messages = `/users/${alex}/messages`

describe('reading messages', () => {
  test('lists newest first, ten to a page', () =>
    withSmall(async ({ simulator, graph }) => {
      for (let number = 6; number < 13; number++) simulator.tenant.addMessage(alex, 'archive', mail(number))
      const first = await graph(`${messages}?$select=receivedDateTime`)
      const second = await graph(textAt(first.json, '@odata.nextLink'))
      expect(valueOf(first)).toHaveLength(10)
      const dates = [...valueOf(first), ...valueOf(second)].map((message) => textAt(message, 'receivedDateTime'))
      expect(dates).toEqual(dates.toSorted().toReversed())
      expect(dates).toHaveLength(12)
    }))

  test('lists by the last modification', () =>
    withSmall(async ({ simulator, graph }) => {
      const [, , third] = simulator.tenant.messages(alex)
      simulator.tenant.moveMessage(alex, third?.id ?? '', 'archive')
      const query = '$select=lastModifiedDateTime&$top=1&$orderby=lastModifiedDateTime desc'
      expect(valueOf(await graph(`${messages}?${encodeURI(query)}`))).toMatchObject([{ id: third?.id }])
    }))

  test('shows everything Graph shows', () =>
    withSmall(async ({ simulator, graph }) => {
      const [{ id } = { id: '' }] = simulator.tenant.messages(alex, 'inbox')
      const { json } = await graph(`${messages}/${id}`)
      expect(json).toMatchObject({
        id,
        subject: 'Message 1',
        internetMessageId: '<m1@example.com>',
        from: { emailAddress: { name: 'Sender 1', address: 'sender1@example.com' } },
        sender: { emailAddress: { address: 'sender1@example.com' } },
        toRecipients: [
          { emailAddress: { name: 'Alex', address: 'alex@contoso.example' } },
          { emailAddress: { name: 'Wilber, Megan', address: 'megan@contoso.example' } },
        ],
        ccRecipients: [],
        bccRecipients: [],
        replyTo: [],
        sentDateTime: '2024-01-02T10:00:00Z',
        receivedDateTime: '2024-01-02T10:00:00Z',
        isRead: false,
        isDraft: false,
        hasAttachments: false,
        importance: 'normal',
        categories: [],
        flag: { flagStatus: 'notFlagged' },
        body: { contentType: 'text', content: 'Text of message 1\r\n' },
        bodyPreview: 'Text of message 1',
        parentFolderId: simulator.tenant.folder(alex, 'inbox').id,
      })
      expect(json['@odata.etag']).toBe(`W/"${textAt(json, 'changeKey')}"`)
      expect(json).not.toHaveProperty('internetMessageHeaders')
    }))

  test('shows exactly what is selected, and always id and etag', () =>
    withSmall(async ({ graph }) => {
      const [message] = valueOf(await graph(`${messages}?$select=subject,isRead`))
      expect(Object.keys(message ?? {})).toEqual(['@odata.etag', 'id', 'subject', 'isRead'])
      const [headers] = valueOf(await graph(`${messages}?$select=internetMessageHeaders`))
      expect(headers?.internetMessageHeaders).toContainEqual({ name: 'Subject', value: 'Message 5' })
    }))

  test.each([
    '$select=subject,smell',
    '$select=@removed',
    '$top=0',
    '$top=1001',
    '$skip=-1',
    '$expand=nothing',
    '$orderby=smell',
    "$filter=subject is 'x'",
  ])('refuses %s', (query) =>
    withSmall(async ({ graph }) => {
      expect((await graph(`${messages}?${encodeURI(query)}`)).status).toBe(400)
    }),
  )

  test('names the property it does not know', () =>
    withSmall(async ({ graph }) => {
      expect(errorCode(await graph(`${messages}?$select=smell`))).toBe('RequestBroker--ParseUri')
    }))

  test('finds messages by internetMessageId', () =>
    withSmall(async ({ simulator, graph }) => {
      const search = async (id: string, place = messages): Promise<number> =>
        valueOf(await graph(`${place}?$filter=${encodeURIComponent(`internetMessageId eq '${id}'`)}&$select=id`)).length
      expect(await search('<m3@example.com>')).toBe(1)
      expect(await search('<m9@example.com>')).toBe(0)
      simulator.tenant.addMessage(alex, 'archive', mail(3))
      const added = simulator.tenant.addMessage(alex, 'archive', mail(9))
      expect(await search('<m3@example.com>')).toBe(2)
      expect(await search('<m3@example.com>', `/users/${alex}/mailFolders/archive/messages`)).toBe(1)
      expect(await search('<m9@example.com>')).toBe(1)
      simulator.tenant.deleteMessage(alex, added.id, { permanent: true })
      expect(await search('<m9@example.com>')).toBe(0)
      expect(await search("<it''s@example.com>")).toBe(0)
    }))

  test('filters by date and state', () =>
    withSmall(async ({ graph }) => {
      const count = async (filter: string): Promise<number> =>
        valueOf(await graph(`${messages}?$filter=${encodeURIComponent(filter)}`)).length
      expect(await count('isRead eq false')).toBe(3)
      expect(await count('receivedDateTime ge 2024-01-04T00:00:00Z and isRead eq false')).toBe(2)
      expect(await count("contains(subject,'message 2') or subject eq 'Message 3'")).toBe(2)
      expect(await count('not (isRead eq false)')).toBe(2)
      const sorted = await graph(`${messages}?$filter=isRead eq false&$orderby=receivedDateTime desc`)
      expect(errorCode(sorted)).toBe('InefficientFilter')
    }))
})

describe('message ids', () => {
  test('are case-sensitive, and neighbours may differ only in case', () =>
    withSmall(async ({ simulator, graph }) => {
      const ids = simulator.tenant.messages(alex).map((message) => message.id)
      expect(new Set(ids.map((id) => id.toLowerCase())).size).toBeLessThan(new Set(ids).size)
      const shown = await Promise.all(ids.map(async (id) => textAt((await graph(`${messages}/${id}`)).json, 'id')))
      expect(shown).toEqual(ids)
    }))

  test('immutable ones survive a move, regular ones do not', () =>
    withSmall(async ({ simulator, graph }) => {
      const [before] = simulator.tenant.messages(alex, 'inbox')
      if (before === undefined) throw new Error('Empty inbox')
      expect(before.id).not.toBe(before.regularId)
      const moved = await graph(`${messages}/${before.id}/move`, { method: 'POST', json: { destinationId: 'archive' } })
      expect([moved.status, moved.json.id]).toEqual([201, before.id])
      expect((await graph(`${messages}/${before.id}`)).status).toBe(200)
      const lost = await graph(`${messages}/${before.regularId}`)
      expect([lost.status, errorCode(lost)]).toEqual([404, 'ErrorItemNotFound'])
      const regular = await graph(`${messages}/${before.id}`, { immutable: false })
      expect(regular.json.id).toBe(simulator.tenant.message(alex, before.id).regularId)
      expect(regular.json.id).not.toBe(before.regularId)
    }))

  test('folder ids are the same with and without the preference', () =>
    withSmall(async ({ graph }) => {
      const first = await graph(`/users/${alex}/mailFolders/inbox`)
      const second = await graph(`/users/${alex}/mailFolders/inbox`, { immutable: false })
      expect(first.json.id).toBe(second.json.id)
    }))

  test('malformed and foreign ones are told apart from missing ones', () =>
    withSmall(async ({ simulator, graph }) => {
      expect(errorCode(await graph(`${messages}/nonsense`))).toBe('ErrorInvalidIdMalformed')
      const foreign = simulator.tenant.addMessage(megan, 'inbox', mail(1))
      expect(errorCode(await graph(`${messages}/${foreign.id}`))).toBe('ErrorInvalidMailboxItemId')
      const gone = simulator.tenant.addMessage(alex, 'inbox', mail(7))
      simulator.tenant.deleteMessage(alex, gone.id, { permanent: true })
      expect(errorCode(await graph(`${messages}/${gone.id}`))).toBe('ErrorItemNotFound')
    }))
})

describe('content', () => {
  test('$value gives the bytes unchanged', () =>
    withSmall(async ({ simulator, graph }) => {
      const bytes = Buffer.concat([Buffer.from('Subject: raw\n\n'), Buffer.from([0, 1, 128, 255, 13, 10, 10])])
      const { id } = simulator.tenant.addMessage(alex, 'inbox', bytes)
      const answer = await graph(`${messages}/${id}/$value`)
      expect(answer.headers.get('content-type')).toBe('text/plain')
      expect(answer.bytes.equals(bytes)).toBe(true)
      expect(simulator.log.count({ content: true })).toBe(1)
    }))

  test('extended properties come on request, in the form Exchange gives them back', () =>
    withSmall(async ({ simulator, graph }) => {
      const [first] = simulator.tenant.messages(alex, 'inbox')
      const filter = [
        "id eq 'Integer 0x0E07'",
        "id eq 'SystemTime 0x0E06'",
        "id eq 'String 0x007D'",
        "id eq 'String 0x7777'",
      ]
      const expand = `singleValueExtendedProperties($filter=${filter.join(' or ')})`
      const { json } = await graph(`${messages}/${first?.id ?? ''}?$expand=${encodeURIComponent(expand)}`)
      expect(json.singleValueExtendedProperties).toEqual([
        { id: 'Integer 0xe07', value: '0' },
        { id: 'SystemTime 0xe06', value: '2024-01-02T10:00:00Z' },
        { id: 'String 0x7d', value: expect.stringContaining('Message-ID: <m1@example.com>\r\n') as string },
      ])
    }))
})

describe('changing messages', () => {
  test('PATCH changes state; content only while it is a draft', () =>
    withSmall(async ({ simulator, graph }) => {
      const [first] = simulator.tenant.messages(alex, 'inbox')
      const path = `${messages}/${first?.id ?? ''}`
      const flag = {
        flagStatus: 'flagged',
        startDateTime: { dateTime: '2024-02-01T00:00:00.0000000', timeZone: 'UTC' },
        dueDateTime: { dateTime: '2024-02-02T00:00:00.0000000', timeZone: 'UTC' },
      }
      const changed = await graph(path, {
        method: 'PATCH',
        json: { isRead: true, categories: ['Red'], importance: 'High', flag },
      })
      expect(changed.status).toBe(200)
      expect(changed.json).toMatchObject({ isRead: true, categories: ['Red'], importance: 'high', flag })
      const refused = await graph(path, { method: 'PATCH', json: { subject: 'Other' } })
      expect(errorCode(refused)).toBe('ErrorInvalidPropertyUpdateSentMessage')
      const unknown = await graph(path, { method: 'PATCH', json: { smell: 'good' } })
      expect([unknown.status, errorCode(unknown)]).toEqual([400, 'RequestBodyRead'])
    }))

  test('every change gives a new etag', () =>
    withSmall(async ({ simulator, graph }) => {
      const { id } = simulator.tenant.addMessage(alex, 'inbox', mail(8))
      const etags = new Set<string>()
      const see = async (): Promise<unknown> =>
        etags.add(textAt((await graph(`${messages}/${id}`)).json, '@odata.etag'))
      await see()
      simulator.tenant.setRead(alex, id, true)
      await see()
      simulator.tenant.setCategories(alex, id, ['Blue'])
      await see()
      simulator.tenant.moveMessage(alex, id, 'archive')
      await see()
      expect(etags.size).toBe(4)
    }))

  test('DELETE goes to Deleted Items, then to the recoverable items, then away', () =>
    withSmall(async ({ simulator, graph }) => {
      const [first] = simulator.tenant.messages(alex, 'inbox')
      const path = `${messages}/${first?.id ?? ''}`
      const place = (): readonly string[] => simulator.tenant.message(alex, first?.id ?? '').folderPath
      expect((await graph(path, { method: 'DELETE' })).status).toBe(204)
      expect(place()).toEqual(['Deleted Items'])
      expect((await graph(path, { method: 'DELETE' })).status).toBe(204)
      expect(place()).toEqual(['Deletions'])
      expect(valueOf(await graph(messages))).toHaveLength(4)
      expect(valueOf(await graph(`/users/${alex}/mailFolders/recoverableitemsdeletions/messages`))).toHaveLength(1)
      expect((await graph(path, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(path)).status).toBe(404)
      expect(simulator.tenant.purged(alex)).toMatchObject([{ id: first?.id }])
    }))

  test('permanentDelete goes past the recoverable items, out of reach', () =>
    withSmall(async ({ simulator, graph }) => {
      const [first] = simulator.tenant.messages(alex, 'inbox')
      const path = `${messages}/${first?.id ?? ''}`
      expect((await graph(`${path}/permanentDelete`, { method: 'POST' })).status).toBe(204)
      expect((await graph(path)).status).toBe(404)
      expect(valueOf(await graph(messages))).toHaveLength(4)
      expect(valueOf(await graph(`/users/${alex}/mailFolders/recoverableitemsdeletions/messages`))).toEqual([])
      expect(simulator.tenant.messages(alex)).toHaveLength(4)
      expect(simulator.tenant.purged(alex)).toMatchObject([{ id: first?.id, folderPath: ['Purges'] }])
    }))

  test('what people delete in Deleted Items goes to the recoverable items', () =>
    withSmall(async ({ simulator: { tenant } }) => {
      const [first] = tenant.messages(alex, 'inbox')
      tenant.deleteMessage(alex, first?.id ?? '')
      tenant.deleteMessage(alex, first?.id ?? '')
      expect(tenant.messages(alex, 'recoverableitemsdeletions')).toMatchObject([{ id: first?.id }])
      tenant.deleteMessage(alex, first?.id ?? '', { permanent: true })
      expect(tenant.messages(alex, 'recoverableitemsdeletions')).toEqual([])
      expect(tenant.purged(alex)).toEqual([])
      return Promise.resolve()
    }))

  test('editing the body changes the MIME', () =>
    withSmall(async ({ simulator, graph }) => {
      const [first] = simulator.tenant.messages(alex, 'inbox')
      simulator.tenant.editBody(alex, first?.id ?? '', 'Something else')
      const mime = (await graph(`${messages}/${first?.id ?? ''}/$value`)).bytes.toString()
      expect(mime).toContain('Something else')
      expect(mime).toContain('Subject: Message 1')
      expect(mime).toContain('<m1@example.com>')
    }))
})
