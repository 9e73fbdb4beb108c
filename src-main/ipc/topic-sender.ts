import type { WebContents } from 'electron'
import { EVENT } from '../../src-shared/ipc/channels.ts'
import { topics } from '../../src-shared/ipc/contract/topics.ts'
import type { EventOf, TopicName } from '../../src-shared/ipc/contract.ts'

export interface TopicSenderParts {
  /** The window's page, if there is one. */
  readonly page: () => Pick<WebContents, 'send' | 'isDestroyed'> | undefined
  /** What a topic's value is now; undefined for those that only happen. */
  readonly present: { readonly [Topic in TopicName]?: () => EventOf<Topic> | undefined }
  readonly log: (sentence: string) => void
}

/** Tells the page what happens. A place to go to waits until a page listens for it. */
export class TopicSender {
  readonly #parts: TopicSenderParts
  #destination: EventOf<'navigate'> | undefined
  #navigates = false

  constructor(parts: TopicSenderParts) {
    this.#parts = parts
  }

  send<Topic extends TopicName>(topic: Topic, value: EventOf<Topic>): void {
    const page = this.#parts.page()
    if (page === undefined || page.isDestroyed()) return
    const read = topics[topic].safeParse(value)
    if (read.success) page.send(EVENT, { topic, value: read.data })
    else this.#parts.log(`what was to be told of ${topic} is not what the contract says`)
  }

  navigate(to: EventOf<'navigate'>): void {
    if (this.#navigates) this.send('navigate', to)
    else this.#destination = to
  }

  /** The page begins to listen: it is told at once how things are. Anything may come in here. */
  subscribed(message: unknown): void {
    const topic = topicIn(message)
    if (topic === undefined) return
    if (topic === 'navigate') {
      this.#navigates = true
      const destination = this.#destination
      this.#destination = undefined
      if (destination !== undefined) this.send('navigate', destination)
      return
    }
    const value = this.#parts.present[topic]?.()
    if (value !== undefined) this.send(topic, value)
  }

  /** The page is gone, or loads anew. */
  pageGone(): void {
    this.#navigates = false
  }
}

function topicIn(message: unknown): TopicName | undefined {
  if (typeof message !== 'object' || message === null || !('topic' in message)) return undefined
  const { topic } = message
  return typeof topic === 'string' && Object.hasOwn(topics, topic) ? (topic as TopicName) : undefined
}
