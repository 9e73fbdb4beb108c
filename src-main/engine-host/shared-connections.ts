import type { Connections } from '../commands/parts/connections.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { countedFromNow } from './counted-client.ts'
import type { GraphClient } from '../graph/client/types.ts'

/** After so long without use a client is closed. */
const IDLE_MS = 60_000

interface Shared {
  readonly client: GraphClient
  uses: number
  isRetired: boolean
  timer: NodeJS.Timeout | undefined
}

/**
 * Clients of Graph for everything the host does: whoever signs in alike shares one, and with it the limits and the
 * token, also between calls.
 */
export class SharedConnections {
  readonly #clients = new Map<string, Shared>()
  readonly #secretStore: () => Promise<SecretStore>
  readonly #idleMs: number

  constructor(secretStore: () => Promise<SecretStore>, idleMs = IDLE_MS) {
    this.#secretStore = secretStore
    this.#idleMs = idleMs
  }

  /** Connections of one call: closing them gives the clients back. */
  lease(): Connections {
    const leased = new Map<string, { readonly shared: Shared; readonly client: GraphClient }>()
    const endings: (() => Promise<void>)[] = []
    return {
      client: (signIn, open) => {
        const known = leased.get(signIn)
        if (known !== undefined) return known.client
        const shared = this.#take(signIn, open)
        const client = countedFromNow(shared.client)
        leased.set(signIn, { shared, client })
        return client
      },
      secretStore: () => this.#secretStore(),
      atEnd: (work) => {
        endings.push(work)
      },
      close: async () => {
        for (const work of endings.splice(0)) await work()
        for (const [signIn, { shared }] of leased) this.#giveBack(signIn, shared)
        leased.clear()
      },
    }
  }

  /** Whoever asks from now on signs in anew; what is under way goes on as it is. */
  retire(): void {
    for (const [signIn, shared] of this.#clients) {
      shared.isRetired = true
      if (shared.uses === 0) this.#drop(signIn, shared)
    }
    this.#clients.clear()
  }

  /** Ends everything under way. */
  async close(): Promise<void> {
    const all = [...this.#clients.values()]
    this.#clients.clear()
    for (const { client, timer } of all) {
      clearTimeout(timer)
      await client.close()
    }
  }

  #take(signIn: string, open: () => GraphClient): Shared {
    const shared = this.#clients.get(signIn) ?? { client: open(), uses: 0, isRetired: false, timer: undefined }
    this.#clients.set(signIn, shared)
    clearTimeout(shared.timer)
    shared.uses++
    return shared
  }

  #giveBack(signIn: string, shared: Shared): void {
    shared.uses--
    if (shared.uses > 0) return
    if (shared.isRetired) this.#drop(signIn, shared)
    else
      shared.timer = setTimeout(() => {
        this.#drop(signIn, shared)
      }, this.#idleMs).unref()
  }

  #drop(signIn: string, shared: Shared): void {
    clearTimeout(shared.timer)
    if (this.#clients.get(signIn) === shared) this.#clients.delete(signIn)
    // Nobody waits for anything of it.
    shared.client.close().catch(() => undefined)
  }
}
