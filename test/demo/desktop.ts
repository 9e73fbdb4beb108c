// The desktop application on a simulated tenant: npm run demo:desktop. HOLDFAST_DEMO_CHECK=1 ends once the window is there.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildDesktop } from '../../scripts/build-desktop.ts'
import { runProgram } from '../../scripts/run-program.ts'
import { passphraseName } from '../../src-main/engine-host/passphrases.ts'
import { openVault } from '../../src-main/secrets/vault.ts'
import { launchApp } from '../support/electron-host/launch.ts'
import { seedFromSpamAssassin, startGraphSimulator, type GraphSimulator } from '../support/graph-simulator/index.ts'
import { plantSpamAssassin } from '../support/graph-simulator/seeds/spam-assassin.ts'
import { Holdfast } from './commands.ts'
import { plantOffice } from './office.ts'

const root = join(import.meta.dirname, '../..')
const place = join(root, '.demo/desktop')
const repository = join(place, 'repository')
const profile = join(place, 'profile')
const vault = join(place, 'vault')
const plan = 'Contoso'
const isCheck = process.env.HOLDFAST_DEMO_CHECK === '1'
const mails = seedFromSpamAssassin({ limit: 1_500, largestAttachment: 1024 * 1024 })

/** Kept in a file: what was signed in before must still be good the next time. */
function kept(name: string, make: () => string): string {
  const path = join(place, name)
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 })
  return readFileSync(path, 'utf8').trim()
}

/** At the address of the last time, which the account in the vault names. */
async function startTenant(): Promise<GraphSimulator> {
  const clientSecret = kept('client-secret', () => randomBytes(18).toString('base64url'))
  const path = join(place, 'port')
  const port = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  const simulator = await startGraphSimulator({
    tenant: (tenant) => {
      plantOffice(tenant)
      plantSpamAssassin(tenant, mails)
    },
    app: { clientSecret },
    port,
  })
  writeFileSync(path, new URL(simulator.graphBaseUrl).port)
  return simulator
}

function hasSnapshot(): boolean {
  const folder = join(repository, 'snapshots')
  return existsSync(folder) && readdirSync(folder).length > 0
}

/** Vault, account, repository, plan and a first snapshot, by the command line. */
async function prepare(simulator: GraphSimulator, environment: Readonly<Record<string, string>>): Promise<void> {
  console.log('There is no snapshot yet. The command line signs in, makes a repository and a plan, and runs it once.')
  for (const left of [repository, profile, vault]) rmSync(left, { recursive: true, force: true })
  await Holdfast.build()
  const { tenantId, clientId, clientSecret, graphBaseUrl, loginBaseUrl } = simulator
  const file = join(place, 'passphrase')
  const secrets = { HOLDFAST_OFFICE365_CLIENT_SECRET: clientSecret, HOLDFAST_PASSPHRASE_FILE: file }
  const holdfast = new Holdfast(root, { ...environment, ...secrets })
  const services = ['--office365-graph-base-url', graphBaseUrl, '--office365-login-base-url', loginBaseUrl]
  const registration = ['--office365-tenant-id', tenantId, '--office365-client-id', clientId]
  await holdfast.run('login', '--app-only', '--account', 'Contoso', ...registration, ...services)
  await holdfast.run('init', repository)
  const keep = ['--keep-daily', '14', '--keep-weekly', '8', '--keep-monthly', '12']
  await holdfast.run('plan', 'add', plan, repository, '--account', 'Contoso', '--daily-at', '02:00', ...keep)
  await holdfast.run('run', plan)
  await keepPassphrase(environment.HOLDFAST_VAULT_PASSPHRASE ?? '', readFileSync(file, 'utf8').trim())
}

/** As the window does when somebody unlocks a destination. */
async function keepPassphrase(ofVault: string, passphrase: string): Promise<void> {
  const secrets = openVault({ path: vault, passphrase: () => Promise.resolve(ofVault) })
  await secrets.set(passphraseName(repository), passphrase)
}

/** Starts the application, waits for its window, and ends it. */
async function check(environment: Readonly<Record<string, string>>): Promise<number> {
  buildDesktop()
  const app = await launchApp({ profile, env: environment })
  try {
    const page = await app.waitForWindow((url) => url.startsWith('app://'))
    await page.getByRole('heading', { name: plan }).first().waitFor({ timeout: 60_000 })
    console.log(`The application runs on: ${app.hostName}`)
    console.log('the window is there')
  } finally {
    await app.close()
  }
  return 0
}

/** Runs the application as `npm start` does, until somebody ends it. The tenant outlives it. */
function run(environment: Readonly<Record<string, string>>): Promise<number> {
  const start = join(root, 'scripts/start-desktop.ts')
  const headed = process.env.HOLDFAST_HEADED ?? (hasScreen() ? '1' : '0')
  const env = { ...process.env, ...environment, HOLDFAST_HEADED: headed }
  return runProgram(process.execPath, [start, `--user-data-dir=${profile}`], { cwd: root, env })
}

function hasScreen(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined
}

mkdirSync(place, { recursive: true })
kept('passphrase', () => `${randomBytes(18).toString('base64url')}\n`)
const environment = {
  HOLDFAST_PROFILE: profile,
  HOLDFAST_VAULT: vault,
  HOLDFAST_VAULT_PASSPHRASE: kept('vault-passphrase', () => randomBytes(18).toString('base64url')),
}
console.log('Starting a simulated Microsoft 365 tenant: a small company, and 1,500 real mails of other people.')
const simulator = await startTenant()
try {
  const { graphBaseUrl, loginBaseUrl } = simulator
  console.log(
    `The tenant is at ${graphBaseUrl}. Everything is kept in .demo/desktop; remove that folder to begin anew.`,
  )
  if (!hasSnapshot()) await prepare(simulator, environment)
  const services = {
    HOLDFAST_OFFICE365_GRAPH_BASE_URL: graphBaseUrl,
    HOLDFAST_OFFICE365_LOGIN_BASE_URL: loginBaseUrl,
    HOLDFAST_ALLOW_LOOPBACK_SIGN_IN: '1',
  }
  console.log(
    isCheck ? 'Starting the application to see whether its window comes.' : 'Starting the application. Ctrl-C ends it.',
  )
  process.exitCode = await (isCheck ? check : run)({ ...environment, ...services })
} finally {
  await simulator.close()
}
