import { Argument, Option, type Command } from 'commander'
import { destinationWords } from './destination-syntax.ts'
import { retentionOptions, retryLock } from './keeping-syntax.ts'
import { repeatable } from './option-values.ts'

/** Commands about plans and about this machine's profile. */
export const planNames = ['plan', 'run', 'diagnostics'] as const

export type PlanCommandName = (typeof planNames)[number]

/** Those that carry a plan's source with them. */
export const sourcePlanNames: readonly string[] = ['plan', 'run']

const planActions = ['add', 'remove', 'list', 'pause', 'resume'] as const

const PLAN = 'Plan:'

/** Options of `backup` that a plan keeps, beside those of the source and of the destination. */
function contentOptions(): Option[] {
  return [
    repeatable(new Option('--include <what>', 'what to read, as "backup" takes it; repeatable')),
    repeatable(new Option('--exclude <what>', 'what to leave out, written alike; repeatable')),
    new Option('--file-versions <number>', 'earlier versions of each file to keep'),
    new Option('--compression-level <level>', 'zstd level, 1 to 19'),
    new Option('--pack-size <MiB>', 'size of a pack file, 4 to 128'),
  ]
}

function scheduleOptions(): Option[] {
  return [
    new Option('--every <hours>', 'run every so many hours, counted from the start of the run before'),
    new Option('--daily-at <hh:mm>', 'run every day at this time'),
    new Option('--weekly-on <days>', 'run on these days of the week, with --at: monday,friday'),
    new Option('--at <hh:mm>', 'at this time'),
    new Option('--quiet-hours <hh:mm-hh:mm>', 'begin no run in between'),
    new Option('--prune-every <days>', 'prune after a run, so many days after the prune before'),
    new Option('--check-percent <percent>', 'check after a run and read so much of the data, going round'),
    new Option('--check-every <days>', 'so many days after the check before (default: 7)'),
    new Option('--drill-every <days>', 'restore samples in memory after a run, so many days after the drill before'),
    new Option('--drill-items <number>', 'of the drill: samples of each type (default: 5)'),
    new Option('--notice-changes <limits>', 'tell when so much is gone or changed: 20%,50'),
    new Option('--until <date>', 'of pause: until this day or moment'),
  ].map((option) => option.helpGroup(PLAN))
}

export const planDefinitions: Readonly<Record<PlanCommandName, (command: Command) => void>> = {
  plan: (command) => {
    command
      .description('plans: what is backed up, where to, when, and what is kept')
      .addArgument(new Argument('<action>', 'what to do').choices(planActions))
      .argument('[name]', 'of the plan')
      .argument('[destination]', `of add: ${destinationWords}`)
    for (const option of [...scheduleOptions(), ...retentionOptions(), ...contentOptions()]) command.addOption(option)
  },

  run: (command) => {
    command
      .description('run a plan: back up, then forget, prune, check and drill as it says')
      .argument('[plan]', 'its name')
      .addOption(new Option('--due', 'every plan that is due now, one after the other: for cron and timers'))
      .addOption(retryLock())
    for (const option of contentOptions()) command.addOption(option.hideHelp())
  },

  diagnostics: (command) => {
    command
      .description('gather what helps to find a fault, without secrets and without content')
      .addOption(new Option('--to <file>', 'zip file to write (default: holdfast-diagnostics.zip here)'))
  },
}
