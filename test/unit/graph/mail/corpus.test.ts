import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/model/json.ts'
import { createRequest, planAttachments } from '../../../../src-main/graph/mail/attachment-plan.ts'
import { graphMessage } from '../../../../src-main/graph/mail/graph-message.ts'
import { parseMimeMessage } from '../../../../src-main/graph/mail/mime-message.ts'
import { mimeSearchText } from '../../../../src-main/graph/mail/mime-search-text.ts'
import { plainParts } from './plain-decoder.ts'
import { realMails } from './real-mails.ts'
import type { RealMail } from './real-mails.ts'

const mails: RealMail[] = []

beforeAll(() => {
  mails.push(...realMails())
})

describe('6,000 real mails', () => {
  it('are all there', () => {
    expect(mails).toHaveLength(6_046)
  })

  it('are taken apart, with every attachment as an independent decoder reads it', async () => {
    const different: string[] = []
    const empty: string[] = []
    let files = 0
    for (const { id, bytes } of mails) {
      const message = await parseMimeMessage(bytes)
      if (message.email === undefined) different.push(`${id}: not parsed`)
      if (message.html === undefined && message.text === undefined && message.files.length === 0) empty.push(id)
      const contents = new Set(plainParts(bytes).map((part) => part.toString('base64')))
      for (const file of message.files) {
        files += 1
        // The plain decoder takes embedded messages apart; they must stand in the mail as they are.
        const isMessage = file.contentType === 'message/rfc822'
        const content = Buffer.from(file.bytes)
        const found = isMessage ? bytes.includes(content) : contents.has(content.toString('base64'))
        if (!found) different.push(`${id}: ${file.name}`)
      }
    }
    expect(different).toEqual([])
    expect(empty).toEqual([])
    expect(files).toBeGreaterThan(190)
  })

  it('become requests that Graph takes', async () => {
    const tooBig: string[] = []
    for (const { id, bytes } of mails) {
      const message = graphMessage({ 'o365:Id': id }, {}, await parseMimeMessage(bytes))
      const plan = planAttachments(message)
      const request: JsonObject = createRequest(message, plan)
      if (Buffer.byteLength(JSON.stringify(request)) > 3_500_000) tooBig.push(id)
      expect(plan.inside.length + plan.after.length).toBe(message.files.length)
      expect(request).toHaveProperty('internetMessageId')
    }
    expect(tooBig).toEqual([])
  })

  it('have a text to search in, but for those that are pictures only', async () => {
    let silent = 0
    for (const { bytes } of mails) if ((await mimeSearchText(bytes)).trim() === '') silent += 1
    expect(silent).toBeLessThan(10)
  })
})
