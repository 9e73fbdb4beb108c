import type { Dispatcher } from 'undici'
import type { Clock } from '../../engine/ports/clock.ts'
import type { TokenSource } from '../../engine/ports/token-source.ts'
import { createGraphClient } from '../client/client.ts'
import type { GraphClient } from '../client/types.ts'
import { sharePointFiles } from './share-point.ts'
import type { SharePointAccess, SharePointFiles } from './share-point.ts'

export interface SharePointOptions {
  /** Tokens for a host; undefined where the sign-in can have none. */
  readonly tokens: (host: string) => TokenSource | undefined
  /** Where a host is to be found. Default: https and its name. */
  readonly baseUrl?: (host: string) => string
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of back-offs. */
  readonly random: () => number
  readonly userAgent?: string
  /** Carries the requests instead of connections of its own; the caller closes it. */
  readonly dispatcher?: Dispatcher
}

export interface SharePointHosts {
  readonly access: SharePointAccess
  /** Rejects what is under way with `cancelled` and closes the connections. */
  close(): Promise<void>
}

/** SharePoint's own endpoint at all hosts of a tenant: one client for each, made when it is first asked for. */
export function createSharePointHosts({ tokens, baseUrl = httpsOf, ...more }: SharePointOptions): SharePointHosts {
  const clients: GraphClient[] = []
  const known = new Map<string, SharePointFiles | undefined>()
  const open = (host: string): SharePointFiles | undefined => {
    const source = tokens(host)
    if (source === undefined) return undefined
    const client = createGraphClient({ ...more, baseUrl: baseUrl(host), tokens: source })
    clients.push(client)
    return sharePointFiles(client, baseUrl(host))
  }
  return {
    access: (host) => {
      const name = host.toLowerCase()
      if (!known.has(name)) known.set(name, open(name))
      return known.get(name)
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}

const httpsOf = (host: string): string => `https://${host}`
