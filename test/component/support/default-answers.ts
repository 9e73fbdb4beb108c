import type { Activity, Preferences } from '../../../src-shared/ipc/index.ts'
import type { Handlers } from './scripted-api.ts'

export const idle: Activity = { engine: 'running', paused: false, waiting: null, operations: [], next: null }

export const usualPreferences: Preferences = {
  theme: 'system',
  startAtLogin: false,
  startHidden: false,
  closeToTray: true,
  waitOnBattery: false,
  waitOnMetered: false,
  notifications: {
    problems: true,
    'sign-in': true,
    'nothing-backed-up': true,
    'check-failed': true,
    'mass-change': true,
  },
  nothingForDays: 7,
  limitUpload: 0,
  limitDownload: 0,
  checkForUpdates: true,
}

/** What every window asks for: nothing is set up yet, and the wizard was left. */
export const defaultAnswers: Handlers = {
  'app.info': () => ({
    version: '1.2.3',
    platform: 'linux',
    locale: 'en',
    packaged: true,
    profile: '/home/ada/.config/Holdfast',
    links: ['restic', 'app-registration', 'device-login', 'license'],
    runtime: { electron: '45.4.1', node: '24.21.0', chrome: '152.0.0.0' },
  }),
  'app.preferences': () => usualPreferences,
  'app.openLink': () => ({}),
  'app.copy': () => ({}),
  'app.showInFolder': () => ({}),
  'wizard.draft': () => ({ draft: { step: 'sign-in', answers: { left: true } } }),
  'plans.list': () => [],
  'accounts.list': () => [],
  'destinations.list': () => [],
  'operations.list': () => [],
}
