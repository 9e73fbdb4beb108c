import { Command, Option } from 'commander'
import {
  accountOptions,
  defineAccounts,
  defineLogin,
  defineLogout,
} from '../../../src-main/commands/parts/account-syntax.ts'
import { chosenAccount } from '../../../src-main/commands/parts/account-option.ts'
import { accounts } from '../../../src-main/commands/accounts.ts'
import { login } from '../../../src-main/commands/login.ts'
import { logout } from '../../../src-main/commands/logout.ts'
import { exitCodes, type ExitCode } from '../../../src-main/commands/parts/exit-codes.ts'
import { reportFailure } from '../../../src-main/commands/parts/failure.ts'
import { readOptionValues } from '../../../src-main/commands/parts/option-values.ts'
import { createOutput } from '../../../src-main/commands/parts/output.ts'
import { createSession, type Session } from '../../../src-main/commands/parts/session.ts'

interface Known {
  readonly define: (command: Command) => void
  readonly run: (session: Session) => Promise<ExitCode>
}

const source = (): Option[] =>
  [
    'tenant-id <id>',
    'client-id <id>',
    'client-secret <secret>',
    'certificate-path <file>',
    'certificate-password <password>',
    'cloud <name>',
    'graph-base-url <url>',
    'login-base-url <url>',
  ].map((option) => new Option(`--office365-${option}`))

/** The commands of accounts, and one that uses an account: it asks for a new token. */
const known: Readonly<Record<string, Known>> = {
  login: { define: (command) => defineLogin(command, source()), run: login },
  logout: { define: defineLogout, run: logout },
  accounts: { define: defineAccounts, run: accounts },
  token: {
    define: (command) => {
      for (const option of accountOptions()) command.addOption(option)
    },
    run: token,
  },
}

async function token(session: Session): Promise<ExitCode> {
  const chosen = await chosenAccount(session)
  await chosen?.tokens.graph.token()
  await chosen?.tokens.graph.token({ refresh: true })
  session.output.line(`a token for ${chosen?.account.name ?? 'nobody'}`)
  return exitCodes.done
}

/** As the program does it, with errors told at length. */
async function run(name: string, argv: readonly string[]): Promise<ExitCode> {
  const program = new Command('holdfast').addOption(new Option('--profile <folder>'))
  const command = program.command(name)
  known[name]?.define(command)
  program.parse([name, ...argv], { from: 'user' })
  const values = readOptionValues(command, process.env)
  const output = createOutput({ json: false, verbose: true, quiet: false }, process.stdout, process.stderr)
  const { signal } = new AbortController()
  const parsed = { name: 'permissions', args: [], values } as const
  const session = createSession({ command: parsed, environment: process.env, output, signal })
  try {
    return (await known[name]?.run(session)) ?? exitCodes.usage
  } catch (error) {
    return reportFailure(error, output, session.secrets)
  }
}

const [name = '', ...argv] = process.argv.slice(2)
process.exitCode = await run(name, argv)
