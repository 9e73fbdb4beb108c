import type { Operation } from '../../../../src-shared/ipc/index.ts'

type OperationKind = Operation['kind']

const operationKinds: Readonly<Record<OperationKind, string>> = {
  backup: 'Backing up',
  check: 'Checking',
  drill: 'Restore drill',
  forget: 'Forgetting snapshots',
  prune: 'Pruning',
  restore: 'Restoring',
  export: 'Exporting',
  repair: 'Repairing',
}

/** Words of the window's frame. */
export const appTexts = {
  name: 'Holdfast',
  skip: 'Skip to the content',
  navigation: 'Main',
  back: 'Back',
  forward: 'Forward',
  views: {
    home: 'Home',
    wizard: 'Set up',
    browse: 'Restore',
    runs: 'Runs',
    plans: 'Plans',
    destinations: 'Destinations',
    accounts: 'Accounts',
    settings: 'Settings',
    about: 'About',
  },
  engine: {
    starting: 'The engine is starting',
    startingText: 'It takes a moment until everything can be used.',
    crashed: 'The engine stopped unexpectedly',
    crashedText: 'It is being started again. What a run had stored is kept, and the next run goes on from there.',
  },
  activity: {
    label: 'What is running',
    kinds: operationKinds,
    dryRun: (kind: string) => `${kind} (dry run)`,
    stop: 'Stop',
    stopping: 'Stopping…',
    items: { one: '{count} item', other: '{count} items' },
    itemsOf: (done: string, expected: string) => `${done} of ${expected}`,
    preparing: 'Preparing…',
    named: (kind: string, plan: string) => `${kind}: ${plan}`,
    listed: (one: string, other: string) => `${one}, ${other}`,
    cannotStop: 'It could not be stopped',
  },
  paused: 'The schedule is paused',
  waiting: {
    battery: 'The schedule waits until the machine is plugged in',
    metered: 'The schedule waits for a network that is not metered',
  },
  resume: 'Resume',
  pausedUntil: (time: string) => `The schedule is paused until ${time}`,
  cannotResume: 'The schedule could not be resumed',
  cannotShow: 'This page cannot be shown',
  cannotShowText:
    'Part of the program could not be loaded. Start Holdfast again; if that does not help, install it again.',
  startAgain: 'Load again',
}
