import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'

export const PASSPHRASE = 'correct horse battery'
const CHEAP_KEY = { cost: { N: 1024, r: 8, p: 1 } }

/** The command line as it is run from a checkout. */
const PROGRAM = fileURLToPath(new URL('../../../src-main/cli/holdfast.ts', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What --json printed. */
  readonly messages: readonly Message[]
}

export type Message = Readonly<Record<string, unknown>> & { readonly message_type: string }

export interface RunOptions {
  /** Added to the environment, which holds nothing of Holdfast's otherwise. */
  readonly env?: Readonly<Record<string, string>>
  /** Given the way to stop the program as soon as it runs. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Called for every line of standard output. */
  readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void
  /** The same for standard error. */
  readonly onError?: (line: string) => void
  /** A command that runs the program: it is given Node and its arguments. */
  readonly wrapper?: readonly string[]
}

/** A repository folder, a profile and what runs of the program need, below a temporary folder. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'))
  readonly repository = join(this.folder, 'repository')
  readonly profile = join(this.folder, 'profile')
  readonly environment: Readonly<Record<string, string>>

  constructor(simulator?: GraphSimulator) {
    this.environment = {
      HOLDFAST_PASSPHRASE: PASSPHRASE,
      HOLDFAST_PROFILE: this.profile,
      ...(simulator === undefined ? {} : sourceEnvironment(simulator)),
    }
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  /** Makes a repository whose key costs little to open. */
  async init(): Promise<void> {
    const store = createLocalFolder(this.repository)
    await initRepository({ store, passphrase: PASSPHRASE, key: CHEAP_KEY })
  }

  /** Runs the program to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return runProgram(args, { ...options, env: { ...this.environment, ...options.env } })
  }

  /** The same with --json; fails unless every line of standard output is an object. */
  json(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.run([...args, '--json'], options)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Mail alone: these tests are about the command line, whatever is backed up. */
const MAIL_ALONE = {
  HOLDFAST_OFFICE365_INCLUDED_ROOT_TYPES: 'Users',
  HOLDFAST_OFFICE365_INCLUDED_USER_TYPES: 'Mailbox',
  HOLDFAST_EXCLUDE: 'type:mailbox-settings',
}

/** Takes that back. */
export const EVERYTHING = {
  HOLDFAST_OFFICE365_INCLUDED_ROOT_TYPES: '',
  HOLDFAST_OFFICE365_INCLUDED_USER_TYPES: '',
  HOLDFAST_EXCLUDE: '',
}

export function sourceEnvironment(simulator: GraphSimulator): Readonly<Record<string, string>> {
  return {
    ...MAIL_ALONE,
    HOLDFAST_OFFICE365_TENANT_ID: simulator.tenantId,
    HOLDFAST_OFFICE365_CLIENT_ID: simulator.clientId,
    HOLDFAST_OFFICE365_CLIENT_SECRET: simulator.clientSecret,
    HOLDFAST_OFFICE365_GRAPH_BASE_URL: simulator.graphBaseUrl,
    HOLDFAST_OFFICE365_LOGIN_BASE_URL: simulator.loginBaseUrl,
  }
}

async function runProgram(
  args: readonly string[],
  { env = {}, onStart, onLine, onError, wrapper = [] }: RunOptions,
): Promise<Finished> {
  const [command = '', ...rest] = [...wrapper, process.execPath, PROGRAM, ...args]
  const child = spawn(command, rest, { env: { ...plainEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const kill = (signal: NodeJS.Signals): boolean => child.kill(signal)
  onStart?.(kill)
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  createInterface(child.stdout).on('line', (line) => onLine?.(line, kill))
  createInterface(child.stderr).on('line', (line) => onError?.(line))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr, messages: args.includes('--json') ? readMessages(stdout) : [] }
}

/** The time zone is one that is not the machine's by chance. */
function plainEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'))
  return { ...(Object.fromEntries(entries) as Record<string, string>), TZ: 'UTC' }
}

function readMessages(stdout: string): readonly Message[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Message)
}

/** The summary, which is the last message. */
export function summaryOf({ messages }: Finished): Message {
  const last = messages.at(-1)
  if (last?.message_type !== 'summary') throw new Error(`no summary but ${JSON.stringify(last)}`)
  return last
}

export function messagesOf({ messages }: Finished, type: string): readonly Message[] {
  return messages.filter(({ message_type }) => message_type === type)
}

/** Fails with all that the program said unless it ended with that code. */
export function requireCode({ code, stdout, stderr }: Finished, wanted: number): void {
  if (code !== wanted) throw new Error(`ended with ${String(code)}, not ${wanted}:\n${stderr}${stdout}`)
}
