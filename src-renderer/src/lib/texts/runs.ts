import type { RunRow } from '../../../../src-shared/ipc/index.ts'

type Outcome = RunRow['outcome']

const outcomes: Readonly<Record<Outcome, string>> = {
  done: 'Done',
  incomplete: 'Not everything',
  failed: 'Failed',
  interrupted: 'Interrupted',
  stopped: 'Stopped',
}

const outcomeTexts: Readonly<Record<Outcome, string>> = {
  done: 'Everything was read and stored.',
  incomplete: 'There is a snapshot, but some things could not be read. They are tried again in the next run.',
  failed: 'The run did not get to its end.',
  interrupted: 'The program or the machine stopped in the middle of it. The next run goes on from there.',
  stopped: 'Somebody stopped it. What was read is kept: the next run goes on from there.',
}

const steps: Readonly<Record<string, string>> = {
  backup: 'Back up',
  forget: 'Remove old snapshots',
  prune: 'Prune',
  check: 'Check',
  drill: 'Restore drill',
}

/** Figures of a step by the name that the report has. */
const figures: Readonly<Record<string, string>> = {
  snapshot: 'Snapshot',
  items: 'Items in the snapshot',
  bytes: 'Size of the snapshot',
  changed: 'New or changed',
  removed: 'Not there any more',
  added: 'New data',
  added_packed: 'Stored, compressed and encrypted',
  unread: 'Could not be read',
  not_refreshed: 'Folders kept from the snapshot before',
  snapshots_removed: 'Snapshots removed',
  snapshots: 'Snapshots',
  packs: 'Pack files',
  packs_removed: 'Pack files removed',
  packs_repacked: 'Pack files written anew',
  packs_unnamed: 'Left by an interrupted run',
  packs_read: 'Pack files read',
  blobs: 'Pieces of data',
  blobs_used: 'Pieces that are used',
  blobs_duplicate: 'Pieces stored twice',
  bytes_total: 'Size of the repository before',
  bytes_freed: 'Room given back',
  bytes_repacked: 'Written anew',
  bytes_unused_after: 'Stays unused',
  bytes_read: 'Read and compared',
  num_errors: 'Problems found',
  num_bad: 'Items that did not come back',
  samples: 'Items tried',
  restored: 'Items that came back',
  damaged: 'Damaged items',
}

/** Where a step means something else by a name. */
const figuresOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  drill: { snapshots: 'Snapshots tried', bytes: 'Restored in memory' },
}

/** Words of the page "Runs". */
export const runTexts = {
  description: 'What was done, newest first.',
  list: 'Runs',
  back: 'All runs',
  filter: 'Plan',
  allPlans: 'All plans',
  removedPlan: 'A plan that was removed',
  resize: 'Width of the list',
  none: 'No run yet',
  noneText: 'A run shows here when it is over.',
  noneOfPlan: 'This plan did not run yet',
  cannotRead: 'The runs could not be read',
  cannotReadOne: 'This run could not be read',
  tryAgain: 'Try again',
  choose: 'No run is chosen',
  chooseText: 'Choose one to see what it did, and what it could not read.',
  row: {
    items: { one: '{count} item', other: '{count} items' },
    changed: { one: '{count} changed', other: '{count} changed' },
    unread: { one: '{count} not read', other: '{count} not read' },
    added: (amount: string) => `${amount} added`,
    none: 'No snapshot was made',
  },
  outcomes,
  outcomeTexts,
  started: 'Started',
  took: 'Took',
  items: 'Items',
  size: 'Size',
  changed: 'New or changed',
  added: 'New data',
  unread: 'Could not be read',
  steps: 'Steps',
  step: (name: string) => steps[name] ?? name,
  source: (step: string, number: string) => `${step}, source ${number}`,
  figure: (step: string, name: string) => figuresOf[step]?.[name] ?? figures[name] ?? name.replaceAll('_', ' '),
  noFigures: 'Done.',
  noSteps: 'The run ended before its first step was done.',
  lines: 'What could not be read',
  linesCount: { one: '{count} line', other: '{count} lines' },
  noLines: 'Nothing failed',
  linesElsewhere: {
    title: 'This run kept no list here',
    text: 'Only runs that this program starts keep one, not those of the command line. The list is in the snapshot, in the file .holdfast/run.json under "unread" and "notRefreshed". This command shows the file; write the destination in place of REPOSITORY:',
  },
  linesCommand: (snapshot: string) => `holdfast cat REPOSITORY ${snapshot} .holdfast/run.json`,
  linesCommandLabel: (snapshot: string) => `Command for snapshot ${snapshot}`,
  item: 'Item',
  why: 'Why',
  reason: (reason: string) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  report: 'Show the report file',
  cannotShow: 'The report file could not be shown',
  showPlan: 'Change the plan',
  browse: 'Restore',
  yes: 'Yes',
  no: 'No',
}
