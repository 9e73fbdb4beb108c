import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buildCli, builtProgram } from '../../scripts/build-cli.ts'

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly seconds: number
}

/** Builds the command line if it is stale, then runs it as users do. */
export class Holdfast {
  readonly #environment: NodeJS.ProcessEnv
  readonly #folder: string

  constructor(folder: string, environment: Record<string, string>) {
    this.#folder = folder
    this.#environment = { ...process.env, ...environment }
  }

  static async build(): Promise<void> {
    await buildCli()
  }

  /** Shows the command and what it prints; rejects if it does not end with 0. */
  async run(...args: string[]): Promise<CommandResult> {
    console.log(`\n$ holdfast ${args.map(quoted).join(' ')}`)
    const result = await this.#spawn(args, true)
    if (result.code !== 0) throw new Error(`holdfast ${args[0] ?? ''} ended with exit code ${String(result.code)}`)
    return result
  }

  /** Runs the command with --json and gives the objects that it printed. */
  async json(...args: string[]): Promise<Record<string, unknown>[]> {
    const { code, stdout } = await this.#spawn([...args, '--json'], false)
    if (code !== 0) throw new Error(`holdfast ${args[0] ?? ''} --json ended with exit code ${String(code)}`)
    const lines = stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  async #spawn(args: readonly string[], show: boolean): Promise<CommandResult> {
    const start = performance.now()
    const child = spawn(process.execPath, [builtProgram, ...args], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      stdout += text
      if (show) process.stdout.write(text)
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, stdout, seconds: (performance.now() - start) / 1000 }
  }
}

function quoted(argument: string): string {
  return /^[\w@:/.,=?-]+$/.test(argument) ? argument : `'${argument}'`
}
