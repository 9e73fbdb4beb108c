import { writeFileSync } from 'node:fs'
import { Agent } from 'undici'
import { createLocalFolder } from '../../../src-main/destinations/local-folder/local-folder.ts'
import { initRepository } from '../../../src-main/engine/repository/init.ts'
import { requireCode, Workplace, type Finished } from '../../integration/cli/program.ts'
import { PretendBrowser } from '../../support/pretend-browser.ts'
import { clientSecret, type Desktop } from './desktop.ts'

export const passphrase = 'correct horse battery staple'
/** So many items has the plan's one mailbox. */
export const mails = 12
export const planName = 'Mail'

/** Runs the command line on the profile and the vault of a desktop; fails unless it ends well. */
export async function runCommand(
  desktop: Desktop,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onLine?: (line: string) => void,
): Promise<Finished> {
  const place = new Workplace()
  try {
    const all = { ...desktop.environment, HOLDFAST_PASSPHRASE: passphrase, ...env }
    const done = await place.run(args, { env: all, ...(onLine === undefined ? {} : { onLine }) })
    requireCode(done, 0)
    return done
  } finally {
    place.remove()
  }
}

function login({ simulator }: Desktop, ...more: readonly string[]): readonly string[] {
  const services = ['--office365-graph-base-url', simulator.graphBaseUrl]
  const signIn = ['--office365-login-base-url', simulator.loginBaseUrl]
  return ['login', '--office365-client-id', simulator.clientId, ...services, ...signIn, ...more]
}

/** The account "firm" of an application. */
export async function signInApplication(desktop: Desktop): Promise<void> {
  const args = ['--account', 'firm', '--app-only', '--office365-tenant-id', desktop.simulator.tenantId]
  await runCommand(desktop, login(desktop, ...args), { HOLDFAST_OFFICE365_CLIENT_SECRET: clientSecret })
}

/** The account of a person, named `name`. */
export async function signInPerson(desktop: Desktop, name: string, user: string): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: desktop.ca } })
  const browser = new PretendBrowser(dispatcher)
  const signedIn = Promise.withResolvers<unknown>()
  const typed = { login: user, password: desktop.simulator.desk.password(user) }
  const args = ['--account', name, '--device-code', '--types', 'mail']
  const run = runCommand(desktop, login(desktop, ...args), {}, (line) => {
    const [, page, code] = /^Open (\S+) in a browser.* type the code (\w+)\./.exec(line) ?? []
    if (page !== undefined && code !== undefined)
      browser.signIn(page, { ...typed, code }).then(signedIn.resolve, signedIn.reject)
  })
  // Whichever fails ends the wait for the other.
  await Promise.all([run, signedIn.promise])
  await dispatcher.destroy()
}

/** A repository whose key costs little to open. */
export async function makeRepository(place: string): Promise<void> {
  await initRepository({ store: createLocalFolder(place), passphrase, key: { cost: { N: 1024, r: 8, p: 1 } } })
}

export interface PlanWish {
  readonly account: string
  readonly user: string
  /** Where to; the folder "repository" of the desktop's unless another is named. */
  readonly place?: string
  readonly schedule?: readonly string[]
}

/** A repository, and a plan that backs one mailbox up into it. */
export async function addPlan(desktop: Desktop, wish: PlanWish): Promise<void> {
  const { account, user, place = desktop.path('repository'), schedule = [] } = wish
  await makeRepository(place)
  const file = desktop.path('passphrase')
  writeFileSync(file, passphrase, { mode: 0o600 })
  const source = ['--account', account, '--include', `users/${user}`, '--include', 'type:mail']
  const args = ['plan', 'add', planName, place, ...source, '--passphrase-file', file, ...schedule]
  await runCommand(desktop, args)
}
