import { describe, expect, test } from 'vitest'
import { errorCode, textAt } from './client.ts'
import type { Answer, Graph } from './client.ts'
import { alex, mail, withSmall } from './tenant.ts'

const messages = `/users/${alex}/messages`

const create = (graph: Graph, json: unknown, place = messages): Promise<Answer> =>
  graph(place, { method: 'POST', json })

const sentProperties = [
  { id: 'Integer 0x0E07', value: '1' },
  { id: 'SystemTime 0x0039', value: '2019-05-06T07:08:09Z' },
  { id: 'SystemTime 0x0E06', value: '2019-05-06T07:08:10Z' },
]

describe('creating from JSON', () => {
  test('makes a draft dated now', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5)
    const clock = { now: () => now, wait: () => Promise.resolve() }
    await withSmall(
      async ({ graph, simulator }) => {
        const { status, json } = await create(graph, {
          subject: 'Draft',
          sentDateTime: '2001-01-01T00:00:00Z',
          isDraft: false,
        })
        expect(status).toBe(201)
        expect(json).toMatchObject({
          subject: 'Draft',
          isDraft: true,
          isRead: true,
          sentDateTime: '2026-01-02T03:04:05Z',
          receivedDateTime: '2026-01-02T03:04:05Z',
          createdDateTime: '2026-01-02T03:04:05Z',
          parentFolderId: simulator.tenant.folder(alex, 'drafts').id,
        })
      },
      { clock },
    )
  })

  test('makes a sent and dated message when the MAPI properties say so', () =>
    withSmall(async ({ graph }) => {
      const json = {
        subject: 'Sent',
        internetMessageId: '<kept@example.com>',
        singleValueExtendedProperties: sentProperties,
      }
      const created = await create(graph, json, `/users/${alex}/mailFolders/archive/messages`)
      expect(created.json).toMatchObject({
        isDraft: false,
        isRead: true,
        sentDateTime: '2019-05-06T07:08:09Z',
        receivedDateTime: '2019-05-06T07:08:10Z',
        internetMessageId: '<kept@example.com>',
      })
    }))

  test.each([
    ['0', false, false],
    ['1', false, true],
    ['8', true, false],
    ['9', true, true],
  ])('reads the message flags %s', (value, isDraft, isRead) =>
    withSmall(async ({ graph }) => {
      const singleValueExtendedProperties = [{ id: 'Integer 0xE07', value }]
      expect((await create(graph, { singleValueExtendedProperties })).json).toMatchObject({ isDraft, isRead })
    }),
  )

  test('cannot be sent or dated afterwards', () =>
    withSmall(async ({ graph }) => {
      const path = `${messages}/${textAt((await create(graph, { subject: 'Draft' })).json, 'id')}`
      const before = (await graph(path)).json
      const patched = await graph(path, { method: 'PATCH', json: { singleValueExtendedProperties: sentProperties } })
      expect(patched.status).toBe(200)
      expect(patched.json).toMatchObject({
        isDraft: true,
        sentDateTime: before.sentDateTime,
        receivedDateTime: before.receivedDateTime,
      })
    }))

  test('keeps transport headers and other properties', () =>
    withSmall(async ({ graph }) => {
      const headers = 'Received: from here\r\nX-Test: yes\r\n'
      const named = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Color'
      const json = {
        singleValueExtendedProperties: [
          { id: 'String 0x007D', value: headers },
          { id: named, value: 'Green' },
        ],
      }
      const id = textAt((await create(graph, json)).json, 'id')
      const expand = `singleValueExtendedProperties($filter=id eq 'String 0x7D' or id eq '${named}')`
      const read = await graph(`${messages}/${id}?$expand=${encodeURIComponent(expand)}`)
      expect(read.json.singleValueExtendedProperties).toEqual([
        { id: 'String 0x7d', value: headers },
        { id: named, value: 'Green' },
      ])
    }))

  test('keeps everything a restore sets', () =>
    withSmall(async ({ simulator, graph }) => {
      const person = (name: string): object => ({ emailAddress: { name, address: `${name}@example.com` } })
      const json = {
        subject: 'All of it',
        body: { contentType: 'HTML', content: '<p>Hello</p>' },
        from: person('from'),
        sender: person('sender'),
        toRecipients: [person('to')],
        ccRecipients: [person('cc')],
        bccRecipients: [person('bcc')],
        replyTo: [person('reply')],
        importance: 'Low',
        isRead: false,
        categories: ['Red', 'Blue'],
        flag: { flagStatus: 'complete', completedDateTime: { dateTime: '2024-01-01T00:00:00', timeZone: 'UTC' } },
      }
      const internetMessageHeaders = [{ name: 'X-Kept', value: 'value' }]
      const created = (await create(graph, { ...json, internetMessageHeaders })).json
      expect(created).toMatchObject({
        ...json,
        importance: 'low',
        body: { contentType: 'html', content: '<p>Hello</p>' },
      })
      expect(created).not.toHaveProperty('internetMessageHeaders')
      expect(simulator.tenant.content(alex, textAt(created, 'id'))).toMatchObject({
        from: { name: 'from', address: 'from@example.com' },
        replyTo: [{ address: 'reply@example.com' }],
        body: { contentType: 'html', content: '<p>Hello</p>' },
        headers: internetMessageHeaders,
      })
      const mime = (await graph(`${messages}/${textAt(created, 'id')}/$value`)).bytes.toString()
      expect(mime).toMatch(/^X-Kept: value\r$/m)
      expect(mime).toMatch(/^Bcc: bcc <bcc@example.com>\r$/m)
      expect(mime).toMatch(/^Reply-To: reply <reply@example.com>\r$/m)
    }))

  test.each([
    [
      'a header of the standard',
      { internetMessageHeaders: [{ name: 'References', value: 'x' }] },
      'InvalidInternetMessageHeader',
    ],
    [
      'six headers',
      { internetMessageHeaders: [1, 2, 3, 4, 5, 6].map((n) => ({ name: `x-${String(n)}`, value: '' })) },
      'InvalidInternetMessageHeaderCollection',
    ],
    ['a bad Reply-To', { replyTo: [{ emailAddress: { address: 'not an address' } }] }, 'ErrorInvalidRecipients'],
    ['an unknown property', { smell: 'good' }, 'RequestBodyRead'],
    ['a wrong type', { subject: 5 }, 'RequestBodyRead'],
    ['a wrong word', { importance: 'urgent' }, 'RequestBodyRead'],
    ['a wrong flag', { flag: { flagStatus: 'waving' } }, 'RequestBodyRead'],
    ['a bad property id', { singleValueExtendedProperties: [{ id: '0x7D', value: 'x' }] }, 'ErrorInvalidProperty'],
    [
      'a bad property value',
      { singleValueExtendedProperties: [{ id: 'Integer 0x0E07', value: 'read' }] },
      'ErrorInvalidExtendedPropertyValue',
    ],
  ])('refuses %s and creates nothing', (_name, json, code) =>
    withSmall(async ({ simulator, graph }) => {
      const answer = await create(graph, json)
      expect([answer.status, errorCode(answer)]).toEqual([400, code])
      expect(simulator.tenant.messages(alex)).toHaveLength(5)
    }),
  )

  test('refuses more than 4 MB', () =>
    withSmall(async ({ graph }) => {
      const content = 'x'.repeat(4 * 1024 * 1024 + 100_000)
      expect((await create(graph, { body: { contentType: 'text', content } })).status).toBe(413)
    }))
})

describe('composed MIME', () => {
  test('carries what the message says, and is the same on every reading', () =>
    withSmall(async ({ graph }) => {
      const json = {
        subject: 'Größe ✓',
        body: { contentType: 'html', content: '<img src="cid:pic">' },
        from: { emailAddress: { name: 'Jörg', address: 'joerg@example.com' } },
        internetMessageId: '<composed@example.com>',
        singleValueExtendedProperties: sentProperties,
        attachments: [
          {
            '@odata.type': '#microsoft.graph.fileAttachment',
            name: 'pic.png',
            contentType: 'image/png',
            contentId: 'pic',
            isInline: true,
            contentBytes: Buffer.from('picture').toString('base64'),
          },
        ],
      }
      const id = textAt((await create(graph, json)).json, 'id')
      const first = (await graph(`${messages}/${id}/$value`)).bytes
      const second = (await graph(`${messages}/${id}/$value`)).bytes
      expect(first.equals(second)).toBe(true)
      const mime = first.toString()
      expect(mime).toMatch(/^Message-ID: <composed@example.com>\r$/m)
      expect(mime).toMatch(/^Date: Mon, 06 May 2019 07:08:09 \+0000\r$/m)
      expect(mime).toMatch(/^Content-Id: <pic>\r$/im)
      expect(mime).toContain(Buffer.from('picture').toString('base64'))
    }))

  test('changes with the draft', () =>
    withSmall(async ({ graph }) => {
      const id = textAt((await create(graph, { subject: 'One' })).json, 'id')
      await graph(`${messages}/${id}/$value`)
      const patched = await graph(`${messages}/${id}`, { method: 'PATCH', json: { subject: 'Two' } })
      expect(patched.json.subject).toBe('Two')
      expect((await graph(`${messages}/${id}/$value`)).bytes.toString()).toMatch(/^Subject: Two\r$/m)
    }))
})

describe('creating from MIME', () => {
  const post = (graph: Graph, body: string): Promise<Answer> =>
    graph(messages, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })

  test('makes a draft of the same bytes', () =>
    withSmall(async ({ graph }) => {
      const created = await post(graph, Buffer.from(mail(7)).toString('base64'))
      expect(created.status).toBe(201)
      expect(created.json).toMatchObject({ isDraft: true, subject: 'Message 7', sentDateTime: '2024-01-08T10:00:00Z' })
      const mime = await graph(`${messages}/${textAt(created.json, 'id')}/$value`)
      expect(mime.bytes.toString()).toBe(mail(7))
    }))

  test.each(['not base64!', 'abc', ''])('refuses %j', (body) =>
    withSmall(async ({ graph }) => {
      const answer = await post(graph, body)
      expect([answer.status, errorCode(answer)]).toEqual([400, 'ErrorMimeContentInvalidBase64String'])
    }),
  )
})
