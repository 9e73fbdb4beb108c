import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src-main/engine/model/errors.ts'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { createRequest, planAttachments } from '../../../../src-main/graph/mail/attachment-plan.ts'
import { graphMessage, messageIdOf } from '../../../../src-main/graph/mail/graph-message.ts'
import type { GraphMessage } from '../../../../src-main/graph/mail/graph-message.ts'
import { propertiesOf } from '../../../../src-main/graph/item/metadata.ts'
import { messageMetadata } from '../../../../src-main/graph/mail/metadata.ts'
import { parseMimeMessage } from '../../../../src-main/graph/mail/mime-message.ts'
import { isRefusal, weakerForms } from '../../../../src-main/graph/mail/refusal.ts'
import { graphEntry } from './message-fixture.ts'

const plain =
  'From: Ada <ada@x.example>\r\nTo: Bob <bob@x.example>, team: Eve <eve@x.example>;\r\nX-One: 1\r\n\r\nText\r\n'

async function build(changes: JsonObject = {}, mime = plain): Promise<GraphMessage> {
  const metadata = messageMetadata(graphEntry(changes))
  return graphMessage(metadata, propertiesOf(metadata), await parseMimeMessage(Buffer.from(mime)))
}

async function request(changes: JsonObject = {}, mime = plain): Promise<JsonObject> {
  const message = await build(changes, mime)
  return createRequest(message, planAttachments(message))
}

function extended(json: JsonObject): Readonly<Record<string, string>> {
  const list = json.singleValueExtendedProperties as readonly { readonly id: string; readonly value: string }[]
  return Object.fromEntries(list.map(({ id, value }) => [id, value]))
}

describe('a message to create', () => {
  it('is a sent one with its dates, read or unread', async () => {
    expect(extended(await request({ isRead: true }))).toMatchObject({
      'Integer 0x0E07': '1',
      'SystemTime 0x0039': '2024-03-05T08:00:59Z',
      'SystemTime 0x0E06': '2024-03-05T08:01:03Z',
    })
    expect(extended(await request())['Integer 0x0E07']).toBe('0')
  })

  it('stays a draft if it was one', async () => {
    const properties = Object.keys(extended(await request({ isDraft: true })))
    expect(properties).not.toContain('Integer 0x0E07')
    expect(properties).toContain('SystemTime 0x0E06')
  })

  it('carries the original header', async () => {
    const json = await request()
    expect(extended(json)['String 0x007D']).toBe(`${plain.split('\r\n\r\n')[0] ?? ''}\r\n`)
    expect(json.internetMessageHeaders).toEqual([{ name: 'X-One', value: '1' }])
  })

  it('takes at most five headers, all x-, none of the servers', async () => {
    const own = Array.from({ length: 9 }, (_value, index) => `X-Own-${index}: ${index}\r\n`).join('')
    const json = await request({}, `X-MS-Exchange-Organization: a\r\nReceived: b\r\n${own}\r\ntext`)
    const names = (json.internetMessageHeaders as readonly JsonObject[]).map(({ name }) => name)
    expect(names).toEqual(['X-Own-0', 'X-Own-1', 'X-Own-2', 'X-Own-3', 'X-Own-4'])
  })

  it('takes from the header what the properties lack', async () => {
    const parsed = await parseMimeMessage(Buffer.from(plain))
    const { json } = graphMessage({}, {}, parsed)
    expect(json.from).toEqual({ emailAddress: { name: 'Ada', address: 'ada@x.example' } })
    const to = (json.toRecipients as readonly JsonObject[]).map((person) => (person.emailAddress as JsonObject).address)
    expect(to).toEqual(['bob@x.example', 'eve@x.example'])
  })

  it('leaves reply-to addresses out that are none', async () => {
    const people = ['ok@x.example', 'not an address', '/O=EX/CN=X'].map((address) => ({
      emailAddress: { name: 'X', address },
    }))
    const json = await request({ replyTo: people })
    expect(json.replyTo).toEqual([{ emailAddress: { name: 'X', address: 'ok@x.example' } }])
  })

  it('gives a due date the start that Exchange asks for', async () => {
    const due = { dateTime: '2024-04-01T00:00:00.0000000', timeZone: 'UTC' }
    const flagged = await request({ flag: { flagStatus: 'flagged', dueDateTime: due } })
    expect(flagged.flag).toEqual({ flagStatus: 'flagged', startDateTime: due, dueDateTime: due })
    const plainFlag = await request({ flag: { flagStatus: 'notFlagged', dueDateTime: due } })
    expect(plainFlag.flag).toEqual({ flagStatus: 'notFlagged' })
  })

  it('has nothing in it that JSON or XML cannot carry', async () => {
    const json = await request({ subject: 'a\u0000b\ud800c' }, 'Subject: x\r\n\r\nbell \u0007 and tab\t\r\n')
    expect(json.subject).toBe('ab\ufffdc')
    expect((json.body as JsonObject).content).toBe('bell  and tab\t\n')
  })

  it('gets an id of its own that stays the same, if it had none', () => {
    const [one, two] = [{ 'o365:Id': 'one' }, { 'o365:Id': 'two' }].map((metadata) => messageIdOf(metadata, {}))
    expect(one).toMatch(/^<[0-9a-f]{40}@restored\.invalid>$/)
    expect(one).toBe(messageIdOf({ 'o365:Id': 'one' }, { internetMessageId: '' }))
    expect(one).not.toBe(two)
  })
})

describe('weaker forms', () => {
  const refusal = (graphCode: string): EngineError =>
    new EngineError('graph.request-refused', { context: { status: 400, graphCode } })

  it('drop invalid recipients, then all, and say so', async () => {
    const bad = { emailAddress: { name: 'Bad', address: 'bad' } }
    const good = { emailAddress: { name: 'Good', address: 'good@x.example' } }
    const message = await build({ toRecipients: [bad, good], replyTo: [good] })
    const [one, two] = weakerForms(message, refusal('ErrorInvalidRecipients'))
    expect(one?.json).toMatchObject({ toRecipients: [good], replyTo: [] })
    expect(one?.customHeaders.at(-1)?.name).toBe('x-holdfast-left-out')
    expect(two?.json).toMatchObject({ toRecipients: [], ccRecipients: [], bccRecipients: [] })
    expect(two?.headers).toEqual(message.headers)
  })

  it('drop the header for anything else, never the dates', async () => {
    const message = await build()
    const [only, ...others] = weakerForms(message, refusal('ErrorInvalidProperty'))
    expect(others).toEqual([])
    expect(only?.headers).toEqual([])
    expect(only?.delivery).toEqual(message.delivery)
  })

  it('are for refusals only', () => {
    expect(isRefusal(refusal('ErrorInvalidRecipients'))).toBe(true)
    expect(isRefusal(new EngineError('graph.request-refused', { context: { status: 413 } }))).toBe(false)
    expect(isRefusal(new EngineError('graph.forbidden', { context: { status: 403 } }))).toBe(false)
  })
})

describe('planAttachments', () => {
  const withFiles = async (sizes: readonly number[]): Promise<GraphMessage> => {
    const files = sizes.map((size, index) => ({
      name: `${index}.bin`,
      contentType: 'application/octet-stream',
      isInline: false,
      contentId: undefined,
      bytes: new Uint8Array(size),
    }))
    return { ...(await build()), files }
  }

  it('puts into the request what fits, the rest after it', async () => {
    const message = await withFiles([1_000_000, 3 * 1024 * 1024, 1_500_000, 500_000, 10])
    const plan = planAttachments(message)
    expect(plan.inside.map(({ name }) => name)).toEqual(['0.bin', '2.bin', '4.bin'])
    expect(plan.after.map(({ name }) => name)).toEqual(['1.bin', '3.bin'])
    expect(Buffer.byteLength(JSON.stringify(createRequest(message, plan)))).toBeLessThanOrEqual(3_600_000)
  })

  it('marks a message that files will follow', async () => {
    const small = await withFiles([10])
    const large = await withFiles([4_000_000])
    const marks = (message: GraphMessage): readonly string[] =>
      Object.keys(extended(createRequest(message, planAttachments(message)))).filter((id) => id.includes('Holdfast'))
    expect(marks(small)).toEqual([])
    expect(marks(large)).toHaveLength(1)
  })
})
