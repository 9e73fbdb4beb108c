import { Command, Option } from 'commander'
import { accountOptions, defineAccounts, defineLogin, defineLogout } from './account-syntax.ts'
import { destinationOptions, destinationWords } from './destination-syntax.ts'
import { groupTypes, userTypes } from './included-types.ts'
import { keepingDefinitions, keepingNames, retryLock } from './keeping-syntax.ts'
import { onRequestWords } from './on-request.ts'
import { repeatable } from './option-values.ts'
import { planDefinitions, planNames, sourcePlanNames } from './plan-syntax.ts'

/** Names of the clouds in graph/client/clouds.ts, which is not loaded for the sake of a help text. */
export const cloudNames = ['global', 'usgov', 'usgov-dod', 'china'] as const

export const commandNames = [
  'init',
  'backup',
  'snapshots',
  'ls',
  'find',
  'restore',
  'check',
  'copy',
  'permissions',
  'login',
  'logout',
  'accounts',
  'unlock',
  ...keepingNames,
  ...planNames,
] as const

export type CommandName = (typeof commandNames)[number]

const repositoryWords = `where the repository is: ${destinationWords}`
const SOURCE = 'Microsoft 365:'
const GLOBAL = 'Everywhere:'

type Take = (name: CommandName, command: Command) => void

/** The whole syntax of the command line. `take` is told which command was called; nothing is carried out here. */
export function createProgram(take: Take): Command {
  const program = new Command('holdfast')
    .description('Backs up Microsoft 365 into an encrypted restic-format repository that you own, and restores it.')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', environmentHelp)
  for (const option of globalOptions()) program.addOption(option)
  for (const name of commandNames) {
    const command = program.command(name)
    definitions[name](command)
    if (sourcePlanNames.includes(name)) addOptions(command, [...sourceOptions(), ...typeOptions()])
    if (hasDestination(command)) addOptions(command, [...accountOptions(), ...destinationOptions()])
    command.action(() => take(name, command))
  }
  return program
}

const destinationNames = new Set(['destination', 'from', 'plan'])

function hasDestination({ registeredArguments }: Command): boolean {
  return registeredArguments.some((argument) => destinationNames.has(argument.name()))
}

function addOptions(command: Command, options: readonly Option[]): void {
  for (const option of options) command.addOption(option)
}

const environmentHelp = `
Every option can also come from the environment: HOLDFAST_ and its name in capitals, with _ for -
(HOLDFAST_OFFICE365_CLIENT_SECRET). Give secrets that way: the command line can be seen by others.
The passphrase comes from --passphrase-file, from HOLDFAST_PASSPHRASE, or is asked for; that of the repository which
"copy" reads from --from-passphrase-file, from HOLDFAST_FROM_PASSPHRASE, or is asked for.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some items failed, 10 no repository, 11 locked,
12 wrong passphrase, 130 interrupted.`

function globalOptions(): Option[] {
  return [
    new Option('--profile <folder>', "catalog and reports (default: the platform's application data folder)"),
    new Option('--passphrase-file <file>', 'file whose first line is the passphrase of the repository'),
    new Option('--json', 'print one JSON object per line'),
    new Option('--verbose', 'tell more; with an error, where it came from'),
    new Option('--quiet', 'no progress and no summary, only results, warnings and errors'),
  ].map((option) => option.helpGroup(GLOBAL))
}

function sourceOptions(): Option[] {
  return [
    new Option('--office365-tenant-id <id>', 'tenant: its id or one of its domains'),
    new Option('--office365-client-id <id>', 'application (client) id of the app registration'),
    new Option('--office365-client-secret <secret>', 'client secret; better in the environment'),
    new Option(
      '--office365-certificate-path <file>',
      'certificate with private key (PEM or PKCS#12), instead of a secret',
    ),
    new Option('--office365-certificate-password <password>', 'password of that file; better in the environment'),
    new Option('--office365-cloud <name>', 'which of Microsoft’s clouds (default: global)').choices(cloudNames),
    new Option('--office365-graph-base-url <url>', 'base URL of Graph (default: that of the cloud)'),
    new Option('--office365-login-base-url <url>', 'base URL of the sign-in (default: that of the cloud)'),
    new Option(
      '--office365-sharepoint-base-url <url>',
      'base URL of SharePoint’s own endpoint (default: https://{host})',
    ),
    new Option('--office365-scope <scope>', 'scope to sign in for (default: <graph base URL>/.default)'),
  ].map((option) => option.helpGroup(SOURCE))
}

const definitions: Readonly<Record<CommandName, (command: Command) => void>> = {
  ...keepingDefinitions,
  ...planDefinitions,

  init: (command) => {
    command.description('make a new repository').argument('<destination>', destinationWords)
  },

  backup: (command) => {
    command
      .description('read a tenant and store a snapshot of it')
      .argument('<destination>', repositoryWords)
      .addOption(
        repeatable(
          new Option(
            '--include <what>',
            'what to read: users/ada@contoso.example, groups/sales*, sites/<host>/<path>, a folder below one, type:mail, date>=2020-01-01, size<100MB; repeatable',
          ),
        ),
      )
      .addOption(repeatable(new Option('--exclude <what>', 'what to leave out, written alike; repeatable')))
      .addOption(new Option('--shard <i/n>', 'read only the i-th of n parts of the users, groups and sites, e.g. 2/4'))
      .addOption(new Option('--file-versions <number>', 'earlier versions of each file to keep (default: 0)'))
      .addOption(new Option('--compression-level <level>', 'zstd level, 1 to 19 (default: 1)'))
      .addOption(new Option('--pack-size <MiB>', 'size of a pack file, 4 to 128 (default: 16)'))
      .addOption(new Option('--no-self-check', 'do not read back what was encrypted before it is stored'))
      .addOption(
        new Option(
          '--notice-changes <limits>',
          'tell when so many percent, and items, of a user, group or site are gone or changed: 20%,50; off (default: as the settings say)',
        ),
      )
      .addOption(retryLock())
    for (const option of [...sourceOptions(), ...typeOptions()]) command.addOption(option)
  },

  snapshots: (command) => {
    command.description('list the snapshots').argument('<destination>', repositoryWords)
  },

  ls: (command) => {
    command
      .description('list a folder of a snapshot')
      .argument('<destination>', repositoryWords)
      .argument('<snapshot>', '"latest", or the beginning of an id')
      .argument('[path]', 'folder in the snapshot; without it, the top')
  },

  find: (command) => {
    command
      .description('find items in all snapshots, newest first')
      .argument('<destination>', repositoryWords)
      .argument('[words...]', 'words, or beginnings of words, that all must occur')
      .addOption(new Option('--from <who>', 'sent by: words of a name, or an address'))
      .addOption(new Option('--to <who>', 'sent to: words of a name, or an address'))
      .addOption(new Option('--after <date>', 'from this day or moment on, e.g. 2026-03-05 or 2026-03-05T14:00'))
      .addOption(new Option('--before <date>', 'before this day or moment'))
      .addOption(new Option('--type <type>', 'only items of this type, e.g. mail'))
      .addOption(
        new Option(
          '--folder <path>',
          'only what lay in this folder or below it, written as "ls" shows it, e.g. users/ada@contoso.example/mailbox/Inbox',
        ),
      )
      .addOption(new Option('--attachment', 'only items with attachments'))
      .addOption(new Option('--no-attachment', 'only items without attachments'))
      .addOption(new Option('--snapshot <snapshot>', 'only in this snapshot: "latest", or the beginning of an id'))
      .addOption(new Option('--limit <number>', 'at most so many (default: 100)'))
  },

  restore: (command) => {
    command
      .description('restore from a snapshot to a folder on disk, or to a tenant')
      .argument('<destination>', repositoryWords)
      .argument('<snapshot>', '"latest", or the beginning of an id')
      .argument('[path...]', 'what to restore, as "ls" shows it; without it, everything')
      .addOption(
        new Option(
          '--restore-path <place>',
          'folder on disk, or @office365://users/<name or id>, groups/<address or id>, sites/<host>/<path>; ?account=... or ?office365-tenant-id=... for another tenant',
        ),
      )
      .addOption(
        repeatable(
          new Option('--include <what>', 'what of it: a folder, type:mail, date>=2020-01-01, size<100MB; repeatable'),
        ),
      )
      .addOption(repeatable(new Option('--exclude <what>', 'what to leave out, written alike; repeatable')))
      .addOption(new Option('--dry-run', 'tell what would be done, and change nothing'))
      .addOption(
        new Option('--target-folder <name>', 'folder that takes it (default: Restored); / for where things were'),
      )
      .addOption(
        repeatable(
          new Option('--restore-also <what>', `what a restore does only when asked: ${onRequestWords.join(', ')}`),
        ),
      )
      .addOption(new Option('--plan-group <id>', 'group that takes Planner plans which have to be made'))
      .addOption(repeatable(new Option('--map-user <from=to>', 'who stands for somebody of the source; repeatable')))
      .addOption(
        new Option('--office365-ignore-existing', 'do not look for existing items, always create').helpGroup(SOURCE),
      )
      .addOption(retryLock())
    for (const option of sourceOptions()) command.addOption(option)
  },

  check: (command) => {
    command
      .description('look for damage in the repository')
      .argument('<destination>', repositoryWords)
      .addOption(new Option('--read-data', 'read and verify everything that is stored'))
      .addOption(new Option('--read-data-subset <part>', 'read a part: 5% (another one each time), or i/n'))
      .addOption(new Option('--drill', 'restore samples of every type from the latest snapshot in memory'))
      .addOption(new Option('--drill-items <number>', 'samples of each type (default: 5)'))
      .addOption(new Option('--live', 'compare them with the tenant'))
      .addOption(retryLock())
    for (const option of sourceOptions()) command.addOption(option)
  },

  permissions: (command) => {
    command
      .description('say what the chosen data types need, what the sign-in grants, and what is missing')
      .addOption(repeatable(new Option('--include <what>', 'data types, e.g. type:mail; repeatable')))
      .addOption(repeatable(new Option('--exclude <what>', 'data types to leave out; repeatable')))
    addOptions(command, [...sourceOptions(), ...typeOptions(), ...accountOptions()])
  },

  copy: (command) => {
    command
      .description('bring snapshots to another repository, with its own key')
      .argument('<from>', repositoryWords)
      .argument('<to>', 'where the other repository is, written alike')
      .argument('[snapshot...]', '"latest", or the beginning of an id; without it, all')
      .addOption(
        new Option(
          '--from-passphrase-file <file>',
          'file whose first line is the passphrase of the repository that is read',
        ),
      )
      .addOption(new Option('--dry-run', 'tell what would be copied, and write nothing'))
      .addOption(retryLock())
  },

  login: (command) => defineLogin(command, [...sourceOptions(), ...typeOptions()]),
  logout: defineLogout,
  accounts: defineAccounts,

  unlock: (command) => {
    command
      .description('remove locks that nobody holds any more')
      .argument('<destination>', repositoryWords)
      .addOption(new Option('--remove-all', 'remove every lock; only when nothing else uses the repository'))
  },
}

function typeOptions(): Option[] {
  return [
    new Option('--office365-included-root-types <types>', 'which roots: Users, Groups, Sites (default: all)'),
    new Option('--office365-included-user-types <types>', `what of users: ${userTypes.join(', ')} (default: all)`),
    new Option('--office365-included-group-types <types>', `what of groups: ${groupTypes.join(', ')} (default: all)`),
    new Option('--store-metadata-content-in-database', 'accepted without effect: the catalog always has the metadata'),
  ].map((option) => option.helpGroup(SOURCE))
}
