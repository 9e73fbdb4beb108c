import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import type { GraphClientOptions } from '../../../src-main/graph/client/client.ts'
import type { GraphClient, GraphRequest } from '../../../src-main/graph/client/types.ts'
import { linkedDispatcher } from '../../bench/support/linked-dispatcher.ts'
import { startLink, type Link, type LinkOptions } from '../../bench/support/link.ts'

export interface LinkedClient {
  readonly client: GraphClient
  readonly link: Link
  close(): Promise<void>
}

/** A client all of whose connections, those to upload and download addresses too, go over a line to the server. */
export async function startLinkedClient(
  baseUrl: string,
  line: Omit<LinkOptions, 'port'>,
  options: Omit<GraphClientOptions, 'baseUrl' | 'dispatcher'>,
): Promise<LinkedClient> {
  const link = await startLink({ ...line, port: Number(new URL(baseUrl).port) })
  const dispatcher = linkedDispatcher(Number(new URL(link.origin).port))
  const client = createGraphClient({ ...options, baseUrl, dispatcher })
  return {
    client,
    link,
    close: async () => {
      await client.close()
      await dispatcher.destroy()
      await link.close()
    },
  }
}

export interface SentFragment {
  readonly first: number
  readonly bytes: number
  readonly url: string
  /** From 0, in the order of sending. */
  readonly number: number
}

/** The client, with something done before each fragment goes out. */
export function watchingFragments(
  client: GraphClient,
  before: (fragment: SentFragment) => Promise<void> | void,
): GraphClient {
  let number = 0
  return {
    json: async <T>(request: GraphRequest) => {
      const range = /^bytes (\d+)-(\d+)\//.exec(request.headers?.['content-range'] ?? '')
      if (range !== null) {
        const [, first = '0', last = '0'] = range
        const bytes = Number(last) - Number(first) + 1
        await before({ first: Number(first), bytes, url: request.path, number: number++ })
      }
      return await client.json<T>(request)
    },
    bytes: (request) => client.bytes(request),
    stream: (request) => client.stream(request),
    pages: (...all) => client.pages(...all),
    batch: (...all) => client.batch(...all),
    putRange: (request) => client.putRange(request),
    accounting: () => client.accounting(),
    close: () => client.close(),
  }
}
