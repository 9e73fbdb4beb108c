import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src-main/graph/client/system-clock.ts'
import { createGraphClient } from '../../../src-main/graph/client/client.ts'
import { countRoots, searchRoots, type RootSearch } from '../../../src-main/graph/directory/search-roots.ts'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { createAppOnlyTokenSource } from '../../../src-main/auth/app-only-token-source.ts'

async function tenant(count: number): Promise<{ readonly simulator: GraphSimulator; readonly client: GraphClient }> {
  const users = Array.from({ length: count }, (_, at) => ({
    displayName: `Person ${String(at).padStart(4, '0')}`,
    userPrincipalName: `person${String(at)}@contoso.example`,
  }))
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  const { tenantId, clientId, clientSecret: secret, loginBaseUrl, graphBaseUrl } = simulator
  const where = { tenantId, clientId, secret, loginBaseUrl, graphBaseUrl }
  const tokens = await createAppOnlyTokenSource({ ...where, clock: systemClock })
  const client = createGraphClient({
    ...{ tokens, baseUrl: graphBaseUrl, clock: systemClock, random: () => 0.5, userAgent: 'test' },
  })
  onTestFinished(async () => {
    await client.close()
    await simulator.close()
  })
  return { simulator, client }
}

const { signal } = new AbortController()
const asked = (more: Partial<RootSearch> = {}): RootSearch => ({
  ...{ query: '', next: null, signedIn: 'app', signal },
  ...more,
})

describe('roots that a person looks for', () => {
  it('come page by page, listed and searched, each once and in one request', async () => {
    const { client, simulator } = await tenant(250)
    for (const query of ['', 'person']) {
      const before = client.accounting().requests
      const found: string[] = []
      let pages = 0
      for (let next: string | null | undefined; next !== null; pages++) {
        const page = await searchRoots(client, 'user', asked({ query, next: next ?? null }))
        found.push(...page.rows.map(({ id }) => id))
        next = page.next
      }
      expect([found.length, new Set(found).size, pages]).toEqual([250, 250, 3])
      expect(client.accounting().requests - before).toBe(3)
    }
    expect(await countRoots(client, 'user', signal)).toBe(250)
    expect(simulator.errors).toEqual([])
  })

  it('do not go on at an address that is not Graph’s', async () => {
    const { client } = await tenant(1)
    const next = 'https://example.com/v1.0/users?$skiptoken=x'
    await expect(searchRoots(client, 'user', asked({ next }))).rejects.toMatchObject({
      code: 'graph.request-refused',
      context: { reason: 'foreign-origin' },
    })
  })
})
