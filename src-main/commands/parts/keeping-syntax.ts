import { Argument, Option, type Command } from 'commander'
import { destinationWords } from './destination-syntax.ts'
import { repeatable } from './option-values.ts'

/** Commands that keep a repository healthy. */
export const keepingNames = ['forget', 'prune', 'repair', 'key', 'diff', 'cat', 'dump', 'export'] as const

export type KeepingName = (typeof keepingNames)[number]

const keyActions = ['add', 'remove', 'list', 'passwd', 'recovery-kit'] as const
export const exportFormats = ['eml', 'mbox', 'ics', 'vcf', 'csv', 'html', 'files', 'zip'] as const
const repairActions = ['index', 'packs', 'snapshots', 'config'] as const

const snapshotWords = '"latest", or the beginning of an id'

export function retryLock(): Option {
  return new Option('--retry-lock <duration>', 'how long to wait for a locked repository, e.g. 30s, 10m, 2h')
}

/** What is kept; the words are restic's. */
export function retentionOptions(): Option[] {
  const periods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const
  return [
    new Option('--keep-last <n>', 'the newest n of each series ("unlimited": all)'),
    ...periods.map((period) => new Option(`--keep-${period} <n>`, `the last one of each of n ${unitOf[period]}`)),
    new Option('--keep-within <span>', 'everything so long before the newest, e.g. 2y5m7d3h'),
    ...periods.map(
      (period) => new Option(`--keep-within-${period} <span>`, `one for each of the ${unitOf[period]} so long before`),
    ),
    repeatable(new Option('--keep-tag <tags>', 'whatever has all of these tags (with commas between); repeatable')),
  ].map((option) => option.helpGroup('What is kept:'))
}

const unitOf = { hourly: 'hours', daily: 'days', weekly: 'weeks', monthly: 'months', yearly: 'years' } as const

function pruneOptions(): Option[] {
  return [
    new Option('--max-unused <limit>', 'unused bytes that may stay: 5%, 500M or unlimited (default: 5%)'),
    new Option('--max-repack-size <size>', 'bytes of packs that are written anew at most, e.g. 2G'),
  ]
}

const dryRun = (): Option => new Option('--dry-run', 'tell what would be done, and change nothing')

function add(command: Command, options: readonly Option[]): void {
  for (const option of options) command.addOption(option)
}

export const keepingDefinitions: Readonly<Record<KeepingName, (command: Command) => void>> = {
  forget: (command) => {
    command
      .description('remove snapshots by rules; what only they need goes with --prune')
      .argument('<destination>', destinationWords)
    add(command, [
      ...retentionOptions(),
      new Option('--host <tenant>', 'only snapshots of this tenant'),
      repeatable(new Option('--path <path>', 'only snapshots that have this path; repeatable')),
      repeatable(new Option('--tag <tag>', 'only snapshots that have this tag; repeatable')),
      new Option('--group-by <fields>', 'what makes a series: host,paths,tags (default: host,paths)'),
      new Option('--prune', 'then remove what no snapshot needs'),
      ...pruneOptions(),
      dryRun(),
      retryLock(),
    ])
  },

  prune: (command) => {
    command.description('remove what no snapshot needs').argument('<destination>', destinationWords)
    add(command, [...pruneOptions(), dryRun(), retryLock()])
  },

  repair: (command) => {
    command
      .description('mend what is damaged, as far as it can be read')
      .addArgument(new Argument('<what>', 'what to mend').choices(repairActions))
      .argument('<destination>', destinationWords)
      .argument('[id...]', 'packs, as check --read-data names them; snapshots (default: all)')
    add(command, [
      new Option('--read-all-packs', 'of the index: believe the packs alone'),
      new Option('--forget', 'of snapshots: remove the damaged ones when those that replace them are stored'),
      dryRun(),
      retryLock(),
    ])
  },

  key: (command) => {
    command
      .description('passphrases that open the repository, and a recovery kit')
      .addArgument(new Argument('<action>', 'what to do').choices(keyActions))
      .argument('<destination>', destinationWords)
      .argument('[id]', 'of remove: the beginning of a key’s id, as "key list" shows it')
    add(command, [
      new Option('--new-passphrase-file <file>', 'of add and passwd: file whose first line is the new passphrase'),
      new Option('--user <name>', 'of add: whose key it is, as "key list" shows it (default: who runs it)'),
      new Option('--to <file>', 'of recovery-kit: file to write; .html for a page to print, otherwise text'),
      new Option('--with-passphrase', 'of recovery-kit: the passphrase stands in it, too'),
      retryLock(),
    ])
  },

  diff: (command) => {
    command
      .description('what was added, changed, moved and deleted from one snapshot to another')
      .argument('<destination>', destinationWords)
      .argument('<from>', snapshotWords)
      .argument('<to>', snapshotWords)
    add(command, [
      new Option('--type <type>', 'only items of this type, e.g. mail'),
      new Option('--summary-only', 'only how many of each type'),
      retryLock(),
    ])
  },

  cat: (command) => {
    command
      .description('write a stored file to standard output')
      .argument('<destination>', destinationWords)
      .argument('<snapshot>', snapshotWords)
      .argument('<path>', 'as "ls" shows it; of an item with several files, with the extension')
      .addOption(retryLock())
  },

  dump: (command) => {
    command
      .description('write a file or, as a zip, a folder to standard output')
      .argument('<destination>', destinationWords)
      .argument('<snapshot>', snapshotWords)
      .argument('<path>', 'as "ls" shows it; / for everything')
    add(command, [new Option('--to <file>', 'write there instead; what is there stays'), retryLock()])
  },

  export: (command) => {
    command
      .description('write items in formats that other programs read')
      .argument('<destination>', destinationWords)
      .argument('<snapshot>', snapshotWords)
      .argument('[path...]', 'what to export, as "ls" shows it; without it, everything of that format')
    add(command, [
      new Option('--format <format>', 'required').choices(exportFormats),
      new Option('--to <folder>', 'required: the folder that takes the files; what is there stays'),
      retryLock(),
    ])
  },
}
