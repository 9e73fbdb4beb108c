import type { Preferences } from '../../../../src-shared/ipc/index.ts'

type NotificationKind = keyof Preferences['notifications']
interface Named {
  readonly label: string
  readonly description: string
}

const notifications: Readonly<Record<NotificationKind, Named>> = {
  problems: { label: 'A run had problems', description: 'It failed, or some items could not be read.' },
  'sign-in': { label: 'Sign-in needed', description: 'An account has to be signed in again.' },
  'nothing-backed-up': { label: 'Nothing backed up', description: 'For longer than you allow below.' },
  'check-failed': { label: 'A check found damage', description: 'Or a restore drill could not restore an item.' },
  'mass-change': { label: 'Unusually much deleted or changed', description: 'It may be an accident, or ransomware.' },
}

/** Words of the page "Settings". */
export const settingsTexts = {
  description: 'Of this desktop. Changes take effect at once.',
  cannotSave: 'The setting could not be saved',
  look: 'Look',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' } satisfies Record<Preferences['theme'], string>,
  start: 'Start',
  startAtLogin: { label: 'Start when I log in', description: 'So that plans run without anybody thinking of them.' },
  startHidden: { label: 'Start without a window', description: 'Only the icon in the tray shows.' },
  closeToTray: { label: 'Closing the window leaves Holdfast running', description: 'It stays in the tray.' },
  when: 'When to wait',
  waitOnBattery: { label: 'Wait while on battery', description: 'A plan whose time comes runs once plugged in.' },
  waitOnMetered: { label: 'Wait on metered networks', description: 'Where the system tells that data costs money.' },
  bandwidth: 'Bandwidth',
  bandwidthText: 'What Holdfast may use at most. Empty: no limit.',
  upload: 'Upload',
  download: 'Download',
  rateUnit: 'KiB/s',
  notifications: 'Tell me when',
  notify: notifications,
  nothingForDays: 'Tell when nothing was backed up for',
  days: 'days',
  daysError: 'Give a number from 1 to 365.',
  updates: 'Updates',
  checkForUpdates: { label: 'Look for updates', description: 'Once a day. They are never installed during a run.' },
}
