// A mailbox of half a million small messages: memory, a second run, looking around, restoring: npm run bench:large
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnGraphSimulator, syntheticMailbox } from '../support/graph-simulator/index.ts'
import { PASSPHRASE } from '../support/backup-scene.ts'
import { changeMailbox } from './support/mixed-changes.ts'

const messages = Number(process.env.BENCH_MESSAGES ?? 500_000)
const user = 'large@contoso.example'
const other = 'other@contoso.example'
/** Beside the inbox, which gets as many messages as each of them. */
const folders = 9
const oneFolder = `users/${user}/mailbox/Inbox/Folder 001`
const limitMiB = 512

const work = mkdtempSync(join(tmpdir(), 'holdfast-large-'))
const program = fileURLToPath(new URL('support/large-process.ts', import.meta.url))
const commandLine = fileURLToPath(new URL('../../out/cli/holdfast.js', import.meta.url))

type Figures = Readonly<Record<string, number>>

const simulator = await spawnGraphSimulator({
  tenant: [
    syntheticMailbox({ messages, userPrincipalName: user, folders }),
    { kind: 'inline', users: [{ userPrincipalName: other }] },
  ],
  log: { keep: 'counters' },
  throttling: { requestsPerWindow: Number.MAX_SAFE_INTEGER, uploadBytesPerWindow: Number.MAX_SAFE_INTEGER },
})

/** Runs a step in a process of its own and prints what it says. */
async function step(name: string, ...args: readonly string[]): Promise<Figures> {
  const { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret } = simulator
  const address = JSON.stringify({ graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret })
  const env = { ...process.env, SIMULATOR: address }
  const child = spawn(process.execPath, [program, name, work, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`)
  const figures = JSON.parse(output) as Figures
  console.log(`${[name, ...args].join(' ')}: ${JSON.stringify(figures)}`)
  return figures
}

/** Whole-process times of the built command line, in milliseconds. */
function commandLineTimes(): Figures {
  const profile = join(work, 'profile')
  const repository = join(work, 'repository')
  const commands: Readonly<Record<string, readonly string[]>> = {
    cliLs: ['ls', repository, 'latest', oneFolder],
    cliFind: ['find', repository, 'meeting'],
  }
  return Object.fromEntries(
    Object.entries(commands).map(([name, args]) => [name, processMedian([...args, '--profile', profile])]),
  )
}

function processMedian(args: readonly string[]): number {
  const env = { ...process.env, HOLDFAST_PASSPHRASE: PASSPHRASE }
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, [commandLine, ...args], { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stderr}`)
    return performance.now() - start
  }).sort((a, b) => a - b)
  return Math.round(times[2] ?? 0)
}

function build(): boolean {
  const script = fileURLToPath(new URL('../../scripts/build-cli.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
  if (status !== 0) console.log(`the command line was not built, so it is not measured: ${stderr}`)
  return status === 0
}

async function measure(): Promise<Figures> {
  await step('init')
  const first = await step('backup')
  if (first.contentRead !== messages) throw new Error('not all messages were read')
  const changes = await changeMailbox(simulator, user, {
    added: 4,
    moved: 2,
    deleted: 1,
    flagged: 1,
    read: 1,
    categorised: 1,
  })
  const second = await step('backup')
  const looking = await step('look', '', oneFolder)
  const times = build() ? commandLineTimes() : {}
  console.log(`command line: ${JSON.stringify(times)}`)
  const disk = await step('disk', join(work, 'restored'))
  rmSync(join(work, 'restored'), { recursive: true })
  const tenant = await step('tenant', other, oneFolder)
  return {
    messages,
    firstSeconds: first.seconds ?? 0,
    backupPeakMiB: first.peakMiB ?? 0,
    changes,
    secondSeconds: second.seconds ?? 0,
    secondPeakMiB: second.peakMiB ?? 0,
    secondRequests: second.requests ?? 0,
    secondBytesRead: second.bytesRead ?? 0,
    secondBytesWritten: second.bytesWritten ?? 0,
    secondRows: second.rows ?? 0,
    slowestLookMs: Math.max(...Object.entries(looking).flatMap(([name, ms]) => (/^(ls|find)/.test(name) ? [ms] : []))),
    ...times,
    diskPeakMiB: disk.peakMiB ?? 0,
    tenantItems: tenant.created ?? 0,
    tenantPeakMiB: tenant.peakMiB ?? 0,
  }
}

try {
  console.log(`${messages} messages in ${folders + 1} folders, memory limit ${limitMiB} MiB`)
  console.log(JSON.stringify(await measure()))
} finally {
  rmSync(work, { recursive: true, force: true })
  await simulator.close()
}
