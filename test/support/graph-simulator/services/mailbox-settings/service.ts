import type { Service, ServiceRoute } from '../service.ts'
import {
  createCategory,
  createRule,
  deleteRule,
  getRule,
  getSettings,
  listCategories,
  listRules,
  updateRule,
  updateSettings,
  withSettings,
} from './routes.ts'

type Run = Parameters<typeof withSettings>[0]

const route = (permission: 'readSettings' | 'readMailboxSettings' | 'writeSettings', run: Run): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  run: withSettings(run),
})

const rules = 'users/{user}/mailFolders/{folder}/messageRules'
const settings = 'users/{user}/mailboxSettings'
const categories = 'users/{user}/outlook/masterCategories'

/** Inbox rules, mailbox settings, categories. Source: https://learn.microsoft.com/graph/api/resources/mailboxsettings */
export const mailboxSettingsService: Service = {
  collections: { messageRules: 'rule', masterCategories: 'category' },
  operations: [],
  permissions: {
    // permissions.json: rules and categories take this very role, the settings themselves either.
    readSettings: ['MailboxSettings.Read'],
    readMailboxSettings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    writeSettings: ['MailboxSettings.ReadWrite'],
  },
  granted: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  routes: {
    [`GET ${rules}`]: route('readSettings', listRules),
    [`POST ${rules}`]: route('writeSettings', createRule),
    [`GET ${rules}/{rule}`]: route('readSettings', getRule),
    [`PATCH ${rules}/{rule}`]: route('writeSettings', updateRule),
    [`DELETE ${rules}/{rule}`]: route('writeSettings', deleteRule),
    [`GET ${settings}`]: route('readMailboxSettings', getSettings),
    [`PATCH ${settings}`]: route('writeSettings', updateSettings),
    [`GET ${categories}`]: route('readSettings', listCategories),
    [`POST ${categories}`]: route('writeSettings', createCategory),
  },
}
