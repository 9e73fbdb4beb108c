import type { WebContents, WebFrameMain } from 'electron'
import { expect, it } from 'vitest'
import { defaultPreferences } from '../../../src-main/app/preferences.ts'
import { isOwnPage } from '../../../src-main/app/security.ts'
import { isOwnSender } from '../../../src-main/ipc/own-sender.ts'
import { TopicSender } from '../../../src-main/ipc/topic-sender.ts'

const window = { id: 1 } as unknown as WebContents
const own = (address: string): boolean => isOwnPage(address, undefined)

function frame(url: string, parent: WebFrameMain | null = null): WebFrameMain {
  return { url, parent } as unknown as WebFrameMain
}

it('hears the top frame of its own window with its own page, and nobody else', () => {
  const page = frame('app://holdfast/index.html')
  expect(isOwnSender({ sender: window, senderFrame: page }, window, own)).toBe(true)
  expect(isOwnSender({ sender: window, senderFrame: frame('app://holdfast/x', page) }, window, own)).toBe(false)
  expect(isOwnSender({ sender: window, senderFrame: frame('app://preview/x') }, window, own)).toBe(false)
  expect(isOwnSender({ sender: window, senderFrame: frame('https://evil.example/') }, window, own)).toBe(false)
  expect(isOwnSender({ sender: { id: 2 } as unknown as WebContents, senderFrame: page }, window, own)).toBe(false)
  expect(isOwnSender({ sender: window, senderFrame: null }, window, own)).toBe(false)
  expect(isOwnSender({ sender: window, senderFrame: page }, undefined, own)).toBe(false)
  const gone = Object.defineProperty({}, 'parent', {
    get: () => {
      throw new Error('Render frame was disposed')
    },
  }) as unknown as WebFrameMain
  expect(isOwnSender({ sender: window, senderFrame: gone }, window, own)).toBe(false)
})

function scene() {
  const sent: unknown[] = []
  const log: string[] = []
  const world = { page: true }
  const page = {
    isDestroyed: () => false,
    send: (_channel: string, message: unknown) => sent.push(message),
  } as unknown as WebContents
  const topics = new TopicSender({
    page: () => (world.page ? page : undefined),
    present: { preferences: () => defaultPreferences, deviceCode: () => null },
    log: (sentence) => log.push(sentence),
  })
  return { topics, sent, log, world }
}

it('tells who begins to listen how things are', () => {
  const { topics, sent } = scene()
  topics.subscribed({ topic: 'preferences' })
  topics.subscribed({ topic: 'deviceCode' })
  topics.subscribed({ topic: 'changed' })
  expect(sent).toEqual([
    { topic: 'preferences', value: defaultPreferences },
    { topic: 'deviceCode', value: null },
  ])
})

it('does not mind nonsense', () => {
  const { topics, sent } = scene()
  for (const message of [undefined, null, 7, 'activity', {}, { topic: 7 }, { topic: 'constructor' }, { topic: 'no' }])
    topics.subscribed(message)
  expect(sent).toEqual([])
})

it('keeps a place to go to until a page listens, and forgets that when the page is gone', () => {
  const { topics, sent } = scene()
  topics.navigate({ view: 'runs', plan: 'p' })
  expect(sent).toEqual([])
  topics.subscribed({ topic: 'navigate' })
  topics.navigate({ view: 'home' })
  expect(sent).toEqual([
    { topic: 'navigate', value: { view: 'runs', plan: 'p' } },
    { topic: 'navigate', value: { view: 'home' } },
  ])
  topics.pageGone()
  topics.navigate({ view: 'settings' })
  expect(sent).toHaveLength(2)
})

it('tells nothing that the contract does not know', () => {
  const { topics, sent, log, world } = scene()
  topics.send('changed', { what: ['plans'], secret: 'x' } as { what: ['plans'] })
  expect(sent).toEqual([])
  expect(log).toHaveLength(1)
  world.page = false
  topics.send('changed', { what: ['plans'] })
  expect(sent).toEqual([])
})
