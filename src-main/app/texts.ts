/**
 * Every text of the shell: menus, tray, notifications, questions of the system's own windows. English; another language
 * is another object of this shape.
 */
export const texts = {
  name: 'Holdfast',
  menu: {
    file: '&File',
    edit: '&Edit',
    view: '&View',
    window: '&Window',
    help: '&Help',
    backUpNow: 'Back up now',
    newPlan: 'New plan...',
    restore: 'Restore...',
    settings: 'Settings...',
    about: 'About Holdfast',
    instructions: 'Instructions',
    resticHelp: 'About the repository format',
    checkForUpdates: 'Look for updates...',
  },
  tray: {
    open: 'Open Holdfast',
    backUpNow: 'Back up now',
    restore: 'Restore...',
    pause: 'Pause the schedule',
    pauseHour: 'For an hour',
    pauseTomorrow: 'Until tomorrow morning',
    pauseOpen: 'Until I resume it',
    resume: 'Resume the schedule',
    quit: 'Quit Holdfast',
    idle: 'Holdfast',
    next: (time: string) => `Holdfast: next backup ${time}`,
    starting: 'Holdfast is starting',
    crashed: 'Holdfast: the engine stopped and is being started again',
    paused: 'Holdfast: the schedule is paused',
    waitingBattery: 'Holdfast waits until the computer is plugged in',
    waitingMetered: 'Holdfast waits for a network that is not metered',
    attention: 'Holdfast needs your attention',
    error: 'Holdfast: something went wrong',
    more: (others: number) => (others === 1 ? ' and one more' : ` and ${String(others)} more`),
    progress: (items: string) => `, ${items} items`,
    progressOf: (items: string, expected: string) => `, ${items} of ${expected} items`,
  },
  /** What goes on, by the kind of operation; the name is that of the plan, where there is one. */
  operations: {
    backup: (name: string) => (name === '' ? 'Backing up' : `Backing up ${name}`),
    check: () => 'Checking a repository',
    drill: () => 'Trying a restore',
    forget: () => 'Forgetting old snapshots',
    prune: () => 'Pruning a repository',
    restore: () => 'Restoring',
    export: () => 'Exporting',
    repair: () => 'Repairing a repository',
  },
  notifications: {
    failed: (name: string) => ({
      title: `${name} was not backed up`,
      body: 'The last run failed. Open it to see why.',
    }),
    'upkeep-failed': (name: string) => ({
      title: `${name} was backed up, but what comes after it failed`,
      body: 'The new snapshot is kept. Forgetting old ones, or a check, did not get to its end: open it to see why.',
    }),
    incomplete: (name: string) => ({
      title: `${name} was backed up, but not all of it`,
      body: 'Some items could not be read. They are listed in the report and are tried again in the next run.',
    }),
    'sign-in': (account: string) => ({
      title: 'Sign in again',
      body: `Microsoft 365 wants ${account} to sign in again. Until then it is not backed up.`,
    }),
    'nothing-backed-up': (name: string, days: number) => ({
      title: `${name} has not been backed up lately`,
      body: days === 1 ? 'The last good run was a day ago.' : `The last good run was ${String(days)} days ago.`,
    }),
    neverBackedUp: (name: string) => ({
      title: `${name} has never been backed up`,
      body: 'There has been no good run yet.',
    }),
    'check-failed': () => ({
      title: 'A check found damage',
      body: 'Something in a repository is not as it was written. Open Holdfast to see what, and how to mend it.',
    }),
    'mass-change': (name: string) => ({
      title: `Much was deleted or changed in ${name}`,
      body: 'The last run found far less, or far more changes, than usual. Earlier snapshots still have it all.',
    }),
    space: () => ({ title: 'A destination is nearly full', body: 'Make room there, or keep fewer snapshots.' }),
    locked: (name: string) => ({
      title: `${name} needs a passphrase`,
      body: 'The passphrase of its repository is not kept on this machine. Nothing is backed up until you enter it.',
    }),
    notStarted: (name: string) => `${name} could not be started`,
    engineAway: 'The engine is being started again: try again in a moment.',
    crashed: {
      title: 'The engine stopped',
      body: 'It is being started again. What it was doing goes on from there in the next run.',
    },
    hidden: {
      title: 'Holdfast goes on',
      body: 'The schedule runs on while the window is closed. Quit from the tray icon.',
    },
    somePlan: 'A plan',
    someAccount: 'an account',
  },
  quit: {
    message: 'A run is under way.',
    detail: 'Stopping keeps what is done; the next run goes on from there.',
    wait: 'Quit when it is done',
    stop: 'Stop it and quit',
    cancel: 'Cancel',
  },
  update: {
    message: (version: string) => `Holdfast ${version} is ready to be installed.`,
    detail: 'Holdfast has to start again for it.',
    install: 'Install and start again',
    later: 'Later',
  },
  files: {
    saveKit: 'Save the recovery kit',
    savePart: 'Save as',
  },
  autostart: { comment: 'Backs up Microsoft 365 into a repository that you own' },
  signIn: { title: 'Sign in' },
  failed: {
    title: 'Holdfast cannot start',
    profile: (place: string) => `The folder ${place} cannot be used. Check that you may write there.`,
  },
} as const
