// A large tenant in which most users, groups and sites have next to nothing: npm run bench:tenant
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startGraphSimulator } from '../support/graph-simulator/index.ts'
import { fillTenant } from './support/mostly-empty-tenant.ts'

const scale = Number(process.env.BENCH_SCALE ?? 1)
const sizes = { users: 2_000 * scale, groups: 1_000 * scale, sites: 1_000 * scale }
const limits = { requestsPerRoot: 4, peakMiB: 512 }

type Figures = Readonly<Record<string, number>>

const work = mkdtempSync(join(tmpdir(), 'holdfast-tenant-'))
const program = fileURLToPath(new URL('support/tenant-process.ts', import.meta.url))
const unlimited = Number.MAX_SAFE_INTEGER
const simulator = await startGraphSimulator({
  tenant: { kind: 'inline', users: [] },
  log: { keep: 'counters' },
  throttling: { requestsPerWindow: unlimited, uploadBytesPerWindow: unlimited },
})

async function step(name: string): Promise<Figures> {
  const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = simulator
  const address = JSON.stringify({ graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret })
  const env = { ...process.env, SIMULATOR: address }
  const child = spawn(process.execPath, [program, name, work], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`)
  console.log(`${name}: ${output.trim()}`)
  return JSON.parse(output) as Figures
}

try {
  fillTenant(simulator.tenant, sizes)
  await step('init')
  const first = await step('backup')
  const unchanged = await step('backup')
  const roots = unchanged.roots ?? 0
  const requestsPerRoot = (unchanged.requests ?? 0) / roots
  const peakMiB = Math.max(first.peakMiB ?? 0, unchanged.peakMiB ?? 0)
  console.log(
    JSON.stringify({
      roots,
      items: first.items,
      requestsPerRoot: Number(requestsPerRoot.toFixed(3)),
      membersPerRoot: Number(((unchanged.batchMembers ?? 0) / roots).toFixed(2)),
      peakMiB,
      unchangedSeconds: unchanged.seconds,
    }),
  )
  if (requestsPerRoot >= limits.requestsPerRoot || peakMiB >= limits.peakMiB || unchanged.changed !== 0) {
    console.log(
      `not below ${String(limits.requestsPerRoot)} requests a root and ${String(limits.peakMiB)} MiB, or not unchanged`,
    )
    process.exitCode = 1
  }
} finally {
  rmSync(work, { recursive: true, force: true })
  await simulator.close()
}
