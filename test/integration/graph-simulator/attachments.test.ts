import { describe, expect, test } from 'vitest'
import { errorCode, request, textAt, valueOf } from './client.ts'
import type { Answer, Graph } from './client.ts'
import { alex, withSmall } from './tenant.ts'

const messages = `/users/${alex}/messages`
const mebibyte = 1024 * 1024
const file = '#microsoft.graph.fileAttachment'

async function draft(graph: Graph): Promise<string> {
  const created = await graph(messages, { method: 'POST', json: { subject: 'With attachments' } })
  return `${messages}/${textAt(created.json, 'id')}`
}

const fileJson = (name: string, bytes: Buffer): object => ({
  '@odata.type': file,
  name,
  contentBytes: bytes.toString('base64'),
})

describe('reading attachments of MIME', () => {
  test('gives list, single ones and their bytes', () =>
    withSmall(async ({ simulator, graph }) => {
      const mime = [
        'Subject: parts',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'The text',
        '--b',
        'Content-Type: application/pdf; name="a.pdf"',
        'Content-Disposition: attachment; filename="a.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('%PDF').toString('base64'),
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: inner',
        '',
        'inner text',
        '--b--',
        '',
      ].join('\r\n')
      const { id } = simulator.tenant.addMessage(alex, 'inbox', mime)
      const [pdf, item, ...rest] = valueOf(await graph(`${messages}/${id}/attachments`))
      expect(rest).toEqual([])
      expect(pdf).toMatchObject({
        '@odata.type': file,
        name: 'a.pdf',
        contentType: 'application/pdf',
        isInline: false,
        contentBytes: Buffer.from('%PDF').toString('base64'),
      })
      expect(item).toMatchObject({ '@odata.type': '#microsoft.graph.itemAttachment', name: 'inner' })
      const pdfPath = `${messages}/${id}/attachments/${textAt(pdf ?? {}, 'id')}`
      expect((await graph(pdfPath)).json).toMatchObject({ id: pdf?.id, contentBytes: pdf?.contentBytes })
      const raw = await graph(`${pdfPath}/$value`)
      expect([raw.headers.get('content-type'), raw.bytes.toString()]).toEqual(['application/pdf', '%PDF'])
      const inner = await graph(`${messages}/${id}/attachments/${textAt(item ?? {}, 'id')}/$value`)
      expect(inner.bytes.toString()).toBe('Subject: inner\r\n\r\ninner text')
      const expanded = await graph(`${messages}/${id}?$select=hasAttachments&$expand=attachments`)
      expect(expanded.json).toMatchObject({ hasAttachments: true, attachments: [{ name: 'a.pdf' }, { name: 'inner' }] })
    }))

  test('inline pictures do not count as attachments', () =>
    withSmall(async ({ graph }) => {
      const path = await draft(graph)
      const picture = { ...fileJson('p.png', Buffer.from('p')), isInline: true, contentId: 'p' }
      const added = await graph(`${path}/attachments`, { method: 'POST', json: picture })
      expect(added.json).toMatchObject({ isInline: true, contentId: 'p', contentType: 'image/png' })
      expect((await graph(path)).json.hasAttachments).toBe(false)
    }))
})

describe('adding small attachments', () => {
  test('takes anything below 3 MB', () =>
    withSmall(async ({ graph }) => {
      const path = await draft(graph)
      const bytes = Buffer.alloc(3 * mebibyte - 1, 7)
      const added = await graph(`${path}/attachments`, { method: 'POST', json: fileJson('big.bin', bytes) })
      expect(added.status).toBe(201)
      const value = await graph(`${path}/attachments/${textAt(added.json, 'id')}/$value`)
      expect(value.bytes.equals(bytes)).toBe(true)
      expect((await graph(path)).json.hasAttachments).toBe(true)
    }))

  test('refuses 3 MB and more, and attachments without a type', () =>
    withSmall(async ({ graph }) => {
      const path = `${await draft(graph)}/attachments`
      const large = await graph(path, { method: 'POST', json: fileJson('x', Buffer.alloc(3 * mebibyte)) })
      expect(large.status).toBe(413)
      const untyped = await graph(path, { method: 'POST', json: { name: 'x', contentBytes: '' } })
      expect(untyped.status).toBe(400)
      const bad = await graph(path, { method: 'POST', json: { '@odata.type': file, name: 'x', contentBytes: '%%' } })
      expect(bad.status).toBe(400)
    }))

  test('takes messages and references, and gives them up again', () =>
    withSmall(async ({ graph }) => {
      const path = await draft(graph)
      const item = {
        '@odata.type': '#microsoft.graph.message',
        subject: 'Inside',
        body: { contentType: 'text', content: 'Hi' },
      }
      const json = { '@odata.type': '#microsoft.graph.itemAttachment', name: 'Inside', item }
      const added = await graph(`${path}/attachments`, { method: 'POST', json })
      const id = textAt(added.json, 'id')
      const expanded = await graph(`${path}/attachments/${id}?$expand=microsoft.graph.itemattachment/item`)
      expect(expanded.json).toMatchObject({ item: { subject: 'Inside' } })
      const reference = { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'link' }
      await graph(`${path}/attachments`, { method: 'POST', json: reference })
      expect(valueOf(await graph(`${path}/attachments`))).toHaveLength(2)
      expect((await graph(`${path}/attachments/${id}`, { method: 'DELETE' })).status).toBe(204)
      expect((await graph(`${path}/attachments/${id}`)).status).toBe(404)
    }))
})

describe('upload sessions', () => {
  const open = (graph: Graph, path: string, item: object): Promise<Answer> =>
    graph(`${path}/attachments/createUploadSession`, { method: 'POST', json: { AttachmentItem: item } })

  const put = (
    url: string,
    bytes: Buffer,
    start: number,
    total: number,
    more: Record<string, string> = {},
  ): Promise<Answer> => {
    const range = `bytes ${String(start)}-${String(start + bytes.length - 1)}/${String(total)}`
    const headers = { 'content-type': 'application/octet-stream', 'content-range': range, ...more }
    return request(url, {}, { method: 'PUT', headers, body: bytes })
  }

  test('carry a large file in ranges', () =>
    withSmall(async ({ simulator, graph }) => {
      const path = await draft(graph)
      const bytes = Buffer.alloc(5 * mebibyte, 'large')
      const session = await open(graph, path, { attachmentType: 'file', name: 'large.bin', size: bytes.length })
      expect(session.status).toBe(201)
      expect(session.json.nextExpectedRanges).toEqual(['0-'])
      const url = textAt(session.json, 'uploadUrl')
      const first = await put(url, bytes.subarray(0, 2 * mebibyte), 0, bytes.length)
      expect(first.status).toBe(200)
      expect(first.json).toMatchObject({
        NextExpectedRanges: ['2097152'],
        ExpirationDateTime: expect.any(String) as string,
      })
      const last = await put(url, bytes.subarray(2 * mebibyte), 2 * mebibyte, bytes.length)
      expect([last.status, last.bytes.length]).toEqual([201, 0])
      const [, id = ''] = /Attachments\('([^']+)'\)$/.exec(last.headers.get('location') ?? '') ?? []
      const value = await graph(`${path}/attachments/${id}/$value`)
      expect(value.bytes.equals(bytes)).toBe(true)
      expect((await put(url, bytes.subarray(0, 10), 0, bytes.length)).status).toBe(404)
      expect(simulator.log.unknown).toEqual([])
    }))

  test.each([
    ['below 3 MB', { size: 3 * mebibyte - 1 }, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize'],
    ['above 150 MB', { size: 151 * mebibyte }, 'ErrorAttachmentSizeLimitExceeded'],
    ['for items', { attachmentType: 'item' }, 'ErrorInvalidParameter'],
    ['without a name', { name: undefined }, 'ErrorInvalidParameter'],
  ])('are refused %s', (_name, change, code) =>
    withSmall(async ({ graph }) => {
      const item = { attachmentType: 'file', name: 'x.bin', size: 4 * mebibyte, ...change }
      const answer = await open(graph, await draft(graph), item)
      expect([answer.status, errorCode(answer)]).toEqual([400, code])
    }),
  )

  test('refuse a token, gaps, wrong totals and lengths, and ranges above 4 MB', () =>
    withSmall(async ({ graph }) => {
      const size = 9 * mebibyte
      const session = await open(graph, await draft(graph), { attachmentType: 'file', name: 'x.bin', size })
      const url = textAt(session.json, 'uploadUrl')
      const some = Buffer.alloc(1000)
      expect((await put(url, some, 0, size, { authorization: 'Bearer x' })).status).toBe(401)
      expect((await put(url, some, 1000, size)).status).toBe(416)
      expect((await put(url, some, 0, size + 1)).status).toBe(400)
      expect((await put(url, some, 0, size, { 'content-range': `bytes 0-5/${String(size)}` })).status).toBe(400)
      expect((await put(url, some, 0, size, { 'content-range': 'none' })).status).toBe(400)
      expect((await put(url, Buffer.alloc(4 * mebibyte + 1), 0, size)).status).toBe(413)
      expect((await put(url.replace(/authtoken=.*/, 'authtoken=other'), some, 0, size)).status).toBe(401)
      expect((await put(url, some, 0, size)).status).toBe(200)
      expect((await put(url, some, 0, size)).status).toBe(416)
      expect((await request(url, {})).json).toMatchObject({ NextExpectedRanges: ['1000'] })
      expect((await request(url, {}, { method: 'DELETE' })).status).toBe(204)
      expect((await put(url, some, 1000, size)).status).toBe(404)
    }))
})
