import { decode, encode } from '../clone-codec.ts'
import type { Answer, Delivery, Told } from '../link/page-talk.ts'

export type Post = (told: string) => Promise<string>

/** Carries messages out of the page, and fetches those that come in. */
export class Transport {
  readonly #post: Post
  readonly #onDelivery: (channel: string, args: readonly unknown[]) => void

  constructor(post: Post, onDelivery: (channel: string, args: readonly unknown[]) => void) {
    this.#post = post
    this.#onDelivery = onDelivery
    void this.#pull(true)
  }

  async message(kind: 'invoke' | 'send', channel: string, values: readonly unknown[]): Promise<unknown> {
    const [args, origin] = [encode(values), self.origin]
    const told: Told = { type: 'message', kind, channel, args, origin }
    const answer = JSON.parse(await this.#post(JSON.stringify(told))) as Answer
    if ('error' in answer) throw new Error(answer.error)
    return decode(answer.value)
  }

  async #pull(first: boolean): Promise<void> {
    for (let isFirst = first; ; isFirst = false) {
      const told: Told = { type: 'pull', first: isFirst }
      const deliveries = JSON.parse(await this.#post(JSON.stringify(told))) as readonly Delivery[]
      for (const { channel, args } of deliveries) this.#onDelivery(channel, decode(args) as unknown[])
    }
  }
}
