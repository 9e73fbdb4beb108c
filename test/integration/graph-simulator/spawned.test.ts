import { describe, expect, test } from 'vitest'
import { spawnGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { SpawnedSimulator } from '../../support/graph-simulator/index.ts'
import { request, textAt, valueOf } from './client.ts'
import { alex, mail, smallTenant } from './tenant.ts'

async function withSpawned(use: (simulator: SpawnedSimulator) => Promise<void>): Promise<void> {
  const simulator = await spawnGraphSimulator({ tenant: smallTenant, latencyMs: 1 })
  try {
    await use(simulator)
  } finally {
    await simulator.close()
  }
}

async function authorization(simulator: SpawnedSimulator): Promise<Record<string, string>> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: simulator.clientId,
    client_secret: simulator.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
  const answer = await request(
    `${simulator.loginBaseUrl}/${simulator.tenantId}/oauth2/v2.0/token`,
    {},
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    },
  )
  return { authorization: `Bearer ${textAt(answer.json, 'access_token')}` }
}

describe('a simulator in a process of its own', () => {
  test('serves Graph and is changed from here', () =>
    withSpawned(async (simulator) => {
      const headers = await authorization(simulator)
      const url = `${simulator.graphBaseUrl}/v1.0/users/${alex}/messages`
      const bytes = Buffer.from(mail(9))
      const added = await simulator.tenant.addMessage(alex, 'inbox', bytes, { categories: ['Red'] })
      expect(valueOf(await request(`${url}?$top=100`, headers))).toHaveLength(6)
      const served = await request(`${url}/${added.id}/$value`, headers)
      expect(served.bytes.equals(bytes)).toBe(true)
      expect((await simulator.tenant.mime(alex, added.id)).equals(bytes)).toBe(true)
      await simulator.tenant.moveMessage(alex, added.id, ['Projects', '2024'])
      expect((await simulator.tenant.message(alex, added.id)).folderPath).toEqual(['Projects', '2024'])
      expect(await simulator.log.count({ content: true })).toBe(1)
      expect(await simulator.log.count({ path: /\$value$/ })).toBe(1)
      expect(await simulator.log.unknown()).toEqual([])
      expect(await simulator.controls.maxInFlight(alex)).toBe(1)
    }))

  test('takes faults and limits, and tells its errors', () =>
    withSpawned(async (simulator) => {
      const headers = await authorization(simulator)
      const url = `${simulator.graphBaseUrl}/v1.0/users/${alex}/messages`
      await simulator.faults.add({ kind: 'status', status: 502, match: { path: /messages/ }, count: 1 })
      expect((await request(url, headers)).status).toBe(502)
      expect(await simulator.faults.appliedCount()).toBe(1)
      await simulator.throttling.configure({ requestsPerWindow: 1 })
      expect((await request(url, headers)).status).toBe(429)
      expect(await simulator.throttling.throttled()).toBe(1)
      await expect(simulator.tenant.mime(alex, 'nonsense')).rejects.toThrow('Id is malformed')
      expect(await simulator.controls.memory()).toBeGreaterThan(1_000_000)
    }))

  test('the control path is closed to everybody else', () =>
    withSpawned(async (simulator) => {
      const answer = await request(`${simulator.graphBaseUrl}/_control`, {}, { method: 'POST', body: '{}' })
      expect(answer.status).toBe(403)
    }))
})
