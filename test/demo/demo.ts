// The main job from end to end, with the real command line against a simulated tenant: npm run demo
import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedFromSpamAssassin, spawnGraphSimulator, type SpawnedSimulator } from '../support/graph-simulator/index.ts'
import { changeMailboxes, LOST_FOLDER, OWNER, type Changes } from './changes.ts'
import { attachmentHashes, compareMailboxes, compareRestored, type Comparison } from './compare.ts'
import { Holdfast } from './commands.ts'
import { checkWithRestic } from './restic.ts'
import { GROUP, readWorkplace, SITE, type Workplace } from './workplace.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const place = join(project, '.demo')
const repository = '.demo/repository'

interface Figures {
  readonly first: Record<string, unknown>
  readonly second: Record<string, unknown>
  readonly changes: Changes
  readonly disk: Comparison
  readonly tenant: Comparison
  readonly workplace: Workplace
  readonly restic: string
}

function title(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 74 - text.length))}`)
}

async function prepare(): Promise<void> {
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'passphrase'), `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
}

function source(simulator: SpawnedSimulator): string[] {
  return [
    `--office365-tenant-id=${simulator.tenantId}`,
    `--office365-client-id=${simulator.clientId}`,
    `--office365-graph-base-url=${simulator.graphBaseUrl}`,
    `--office365-login-base-url=${simulator.loginBaseUrl}`,
  ]
}

/** Runs a backup and gives its summary, with the number of contents that the tenant was asked for. */
async function backUp(holdfast: Holdfast, simulator: SpawnedSimulator): Promise<Record<string, unknown>> {
  await simulator.log.clear()
  const { seconds } = await holdfast.run('backup', repository, ...source(simulator))
  const contentReads = await simulator.log.count({ content: true })
  const requests = await simulator.log.count({ batched: false })
  return { seconds, contentReads, requests }
}

async function lostFolderPath(holdfast: Holdfast): Promise<string> {
  const inbox = `users/${OWNER}/mailbox/Inbox`
  const entries = await holdfast.json('ls', repository, 'latest', inbox)
  if (!entries.some(({ name }) => name === LOST_FOLDER)) throw new Error('the first snapshot lacks the folder')
  return `${inbox}/${LOST_FOLDER}`
}

async function firstSnapshotId(holdfast: Holdfast): Promise<string> {
  const [first] = await holdfast.json('snapshots', repository)
  return String(first?.short_id ?? first?.id)
}

async function story(simulator: SpawnedSimulator): Promise<Figures> {
  const holdfast = new Holdfast(project, {
    HOLDFAST_PASSPHRASE_FILE: '.demo/passphrase',
    HOLDFAST_PROFILE: '.demo/profile',
    HOLDFAST_OFFICE365_CLIENT_SECRET: simulator.clientSecret,
  })
  title('A new repository in a folder')
  await holdfast.run('init', repository)
  title('First backup: everything')
  const first = await backUp(holdfast, simulator)
  const lostPath = await lostFolderPath(holdfast)
  const firstId = await firstSnapshotId(holdfast)
  const attachments = await attachmentsOf(simulator)
  title('A day goes by: mail comes, is moved, flagged, read, deleted; a folder goes by mistake')
  const changes = await changeMailboxes(simulator)
  const { created, moved, deleted, flagged, read } = changes
  console.log(`new ${n(created)}, moved ${n(moved)}, deleted ${n(deleted)}, flagged ${n(flagged)}, read ${n(read)}`)
  title('Second backup: only what changed')
  const second = await backUp(holdfast, simulator)
  title('What there is')
  await holdfast.run('snapshots', repository)
  await holdfast.run('find', repository, 'razor', 'spam', '--limit', '5')
  title('All mailboxes to disk, compared byte by byte with what the tenant serves')
  await holdfast.run('restore', repository, 'latest', '--restore-path=.demo/restored')
  const disk = await compareMailboxes(simulator, join(place, 'restored'), join(place, 'served'))
  report(disk)
  title('The folder that was deleted by mistake, back into the mailbox')
  const target = `--restore-path=@office365://users/${OWNER}?office365-tenant-id=${simulator.tenantId}`
  await holdfast.run('restore', repository, firstId, lostPath, target, '--dry-run', ...source(simulator))
  await holdfast.run('restore', repository, firstId, lostPath, target, ...source(simulator))
  const tenant = await compareRestored(simulator, OWNER, changes.lost, attachments)
  report(tenant)
  title('The team and its site: conversations to read, a list back into the site')
  await holdfast.run('ls', repository, 'latest', `groups/${GROUP}/teams`)
  const site = `--restore-path=@office365://sites/${SITE}?office365-tenant-id=${simulator.tenantId}`
  await holdfast.run('restore', repository, 'latest', `sites/${SITE}/lists/Risks`, site, ...source(simulator))
  await backUp(holdfast, simulator)
  const workplace = await readWorkplace(holdfast, repository, join(place, 'restored'))
  for (const line of [...workplace.found, ...workplace.problems]) console.log(line)
  title('The repository, judged by itself and by restic')
  await holdfast.run('check', repository, '--read-data')
  return { first, second, changes, disk, tenant, workplace, restic: checkWithRestic(place) }
}

/** Hashes of the attachments of all messages that may get lost. */
async function attachmentsOf(simulator: SpawnedSimulator): Promise<Map<string, readonly string[]>> {
  const hashes = new Map<string, readonly string[]>()
  for (const { id, folderPath } of await simulator.tenant.messages(OWNER))
    if (folderPath.includes(LOST_FOLDER)) hashes.set(id, await attachmentHashes(simulator, OWNER, id))
  return hashes
}

function report({ compared, problems }: Comparison): void {
  console.log(
    `compared ${n(compared)} messages: ${problems.length === 0 ? 'all equal' : `${n(problems.length)} PROBLEMS`}`,
  )
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`)
}

function n(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString('en') : String(value)
}

function summary({ first, second, changes, disk, tenant, workplace, restic }: Figures): void {
  title('Summary')
  const rows = [
    ['first backup', `${n(first.requests)} requests, ${n(first.contentReads)} contents read, ${seconds(first)}`],
    ['second backup', `${n(second.requests)} requests, ${n(second.contentReads)} contents read, ${seconds(second)}`],
    ['restored to disk', `${n(disk.compared)} messages, ${mib(disk.bytes)}, every one compared byte by byte`],
    ['restored to the tenant', `${n(tenant.compared)} messages of a deleted folder, with dates, state and attachments`],
    ['team and site', workplace.found.join(', ')],
    ['restic', restic],
  ]
  for (const [name = '', text = ''] of rows) console.log(`${name.padEnd(24)}${text}`)
  console.log('\nLook for yourself:')
  console.log('  .demo/repository   the encrypted repository          .demo/passphrase   its passphrase')
  console.log('  .demo/restored     the mailboxes on disk             .demo/served       what the tenant served')
  console.log('\nThe same repository with restic, without Holdfast:')
  console.log('  restic -r .demo/repository --password-file .demo/passphrase snapshots')
  console.log('  restic -r .demo/repository --password-file .demo/passphrase restore latest --target somewhere')
  const newContents = changes.created
  if (second.contentReads !== newContents)
    throw new Error(`the second backup read ${n(second.contentReads)} contents, ${n(newContents)} are new`)
}

function seconds(figures: Record<string, unknown>): string {
  return `${Number(figures.seconds).toFixed(1)} s`
}

function mib(bytes: number): string {
  return `${(bytes / 1048576).toFixed(1)} MiB`
}

await prepare()
await Holdfast.build()
console.log('Starting a simulated Microsoft 365 tenant with 6,000 real mails, a team and a site on this machine ...')
const simulator = await spawnGraphSimulator({
  tenant: [seedFromSpamAssassin(), { kind: 'workplace', displayName: 'Launch' }],
})
const figures = await story(simulator).finally(() => simulator.close())
summary(figures)
if (figures.disk.problems.length + figures.tenant.problems.length + figures.workplace.problems.length > 0) {
  console.error('\nThe demo FAILED: see the problems above.')
  process.exitCode = 1
} else console.log('\nEverything came back as it was.')
