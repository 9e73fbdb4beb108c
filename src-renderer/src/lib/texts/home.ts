import type { Attention } from '../../../../src-shared/ipc/index.ts'

interface Said {
  readonly title: string
  readonly text: string
  readonly action: string
}

/** What needs somebody, and what the button beside it does. */
const attention: Readonly<Record<Attention['kind'], Said>> = {
  failed: {
    title: 'The last run failed',
    text: 'It did not get to its end. What was read is kept: the next run goes on from there.',
    action: 'Show the run',
  },
  'upkeep-failed': {
    title: 'Backed up, but what comes after it failed',
    text: 'The new snapshot is kept. Forgetting old ones, or a check, did not get to its end.',
    action: 'Show the run',
  },
  incomplete: {
    title: 'Some items could not be read',
    text: 'All others are stored, and those are tried again in the next run.',
    action: 'Show them',
  },
  'sign-in': { title: 'Sign-in needed', text: 'Nothing is backed up until then.', action: 'Sign in again' },
  'nothing-backed-up': {
    title: 'Nothing was backed up for a while',
    text: 'What came since then is in no snapshot.',
    action: 'Back up now',
  },
  'check-failed': {
    title: 'The repository is damaged',
    text: 'Some of what is stored cannot be read. A new run stores what is still in Microsoft 365 again.',
    action: 'Show the destination',
  },
  'mass-change': {
    title: 'Unusually much was deleted or changed',
    text: 'If that was no accident all is well. Earlier snapshots still have everything.',
    action: 'Compare',
  },
  space: {
    title: 'The destination is almost full',
    text: 'Make room before runs fail.',
    action: 'Show the destination',
  },
  locked: {
    title: 'The passphrase is not on this machine',
    text: 'Without it nothing can be stored or restored.',
    action: 'Enter it',
  },
}

/** Words of the page "Home". */
export const homeTexts = {
  allGood: 'Everything is backed up',
  needsYou: { one: '{count} thing needs you', other: '{count} things need you' },
  backUpAll: 'Back up all now',
  backUp: 'Back up now',
  newPlan: 'New plan',
  attention,
  since: (when: string) => `Since ${when}.`,
  attentionFor: (plan: string, title: string) => `${plan}: ${title}`,
  plans: 'Plans',
  status: {
    running: 'Backing up',
    good: 'Backed up',
    attention: 'Needs you',
    error: 'Not backed up',
    damaged: 'Damage found',
    none: 'Never backed up',
    paused: 'Paused',
  },
  elsewhere: (when: string) => `Backing up since ${when}, started outside this window.`,
  lastGood: 'Last good run',
  never: 'Not yet',
  next: 'Next run',
  byHand: 'Only by hand',
  paused: 'Paused',
  pausedUntil: (when: string) => `Paused until ${when}`,
  due: 'As soon as possible',
  size: 'Size',
  items: { one: '{count} item', other: '{count} items' },
  unknown: '–',
  growth: 'Growth',
  growthOf: (plan: string, first: string, last: string) =>
    `Size of ${plan} over its last runs: from ${first} to ${last}`,
  more: (plan: string) => `More about ${plan}`,
  showRuns: 'Runs',
  browse: 'Restore from it',
  edit: 'Change',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  stopping: 'Stopping…',
  preparing: 'Preparing…',
  cannotStart: 'The run could not be started',
  waiting: { one: '{count} plan waits for its turn', other: '{count} plans wait for their turn' },
  waitingText:
    'Plans with the same destination run one after the other. If you stop the one that runs, the others do not start.',
  cannotPause: 'That did not work',
  cannotRead: 'The plans could not be read',
  tryAgain: 'Try again',
  none: 'Nothing is backed up yet',
  noneText: 'A plan says what is backed up, where to, and when. Setting up the first one takes a few minutes.',
  setUp: 'Set up the first plan',
}
