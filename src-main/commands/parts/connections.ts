import type { SecretStore } from '../../engine/ports/secret-store.ts'
import type { GraphClient } from '../../graph/client/types.ts'

/**
 * What several parts of one call share: a client for all that is asked of Graph under one sign-in, so that source and
 * destination keep to the limits together; the place of the secrets, so that its passphrase is asked for once.
 */
export interface Connections {
  /** The client of that sign-in; `open` makes it for whoever comes first. */
  client(signIn: string, open: () => GraphClient): GraphClient
  secretStore(open: () => Promise<SecretStore>): Promise<SecretStore>
  /** To be done before the clients are closed. */
  atEnd(work: () => Promise<void>): void
  close(): Promise<void>
}

export function createConnections(): Connections {
  const clients = new Map<string, GraphClient>()
  const endings: (() => Promise<void>)[] = []
  let secrets: Promise<SecretStore> | undefined
  return {
    client: (signIn, open) => {
      const client = clients.get(signIn) ?? open()
      clients.set(signIn, client)
      return client
    },
    secretStore: (open) => (secrets ??= open()),
    atEnd: (work) => {
      endings.push(work)
    },
    close: async () => {
      for (const work of endings.splice(0)) await work()
      for (const client of clients.values()) await client.close()
      clients.clear()
    },
  }
}
