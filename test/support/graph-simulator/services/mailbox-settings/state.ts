import type { SimulatorClock } from '../../clock.ts'
import type { TenantState } from '../../state/tenant.ts'

export interface StoredRule {
  readonly id: string
  displayName: string
  sequence: number
  isEnabled: boolean
  hasError: boolean
  isReadOnly: boolean
  conditions: Readonly<Record<string, unknown>> | null
  actions: Readonly<Record<string, unknown>> | null
  exceptions: Readonly<Record<string, unknown>> | null
}

export interface StoredCategory {
  readonly id: string
  displayName: string
  color: string
}

interface MailboxSettings {
  readonly rules: StoredRule[]
  readonly categories: StoredCategory[]
  settings: Record<string, unknown>
}

const noReplies = {
  status: 'disabled',
  externalAudience: 'all',
  scheduledStartDateTime: { dateTime: '2024-01-01T00:00:00.0000000', timeZone: 'UTC' },
  scheduledEndDateTime: { dateTime: '2024-01-02T00:00:00.0000000', timeZone: 'UTC' },
  internalReplyMessage: '',
  externalReplyMessage: '',
}

/** What a new mailbox has. Source: https://learn.microsoft.com/graph/api/user-get-mailboxsettings */
const newSettings = {
  archiveFolder: null,
  timeZone: 'UTC',
  delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
  dateFormat: 'M/d/yyyy',
  timeFormat: 'h:mm tt',
  userPurpose: 'user',
  automaticRepliesSetting: noReplies,
  language: { locale: 'en-US', displayName: 'English (United States)' },
  workingHours: {
    daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    startTime: '08:00:00.0000000',
    endTime: '17:00:00.0000000',
    timeZone: { name: 'UTC' },
  },
}

/** Rules, settings and categories of all mailboxes; users by id or userPrincipalName. */
export class MailboxSettingsState {
  /** Automatic replies that a request switched on: no restore may do that. */
  repliesSwitchedOn = 0
  private readonly tenant: TenantState
  private readonly mailboxes = new Map<string, MailboxSettings>()
  private next = 1

  constructor(tenant: TenantState) {
    this.tenant = tenant
  }

  /** Adds a rule as Outlook would: whatever is not said is as in a new rule. Gives its id. */
  addRule(user: string, rule: Partial<Omit<StoredRule, 'id'>>): string {
    const { rules } = this.of(user)
    const stored: StoredRule = {
      id: this.ruleId(),
      displayName: 'Rule',
      sequence: rules.length + 1,
      isEnabled: true,
      hasError: false,
      isReadOnly: false,
      conditions: null,
      actions: null,
      exceptions: null,
      ...rule,
    }
    this.insertRule(user, stored)
    return stored.id
  }

  /** A rule takes its place; those from there on move one down. */
  insertRule(user: string, rule: StoredRule): void {
    const { rules } = this.of(user)
    if (rules.some(({ sequence }) => sequence === rule.sequence)) {
      for (const other of rules) if (other.sequence >= rule.sequence) other.sequence++
    }
    rules.push(rule)
    rules.sort((one, other) => one.sequence - other.sequence)
  }

  changeRule(user: string, id: string, change: Partial<Omit<StoredRule, 'id'>>): void {
    const rule = this.of(user).rules.find((each) => each.id === id)
    if (rule === undefined) throw new Error('No such rule')
    Object.assign(rule, change)
  }

  removeRule(user: string, id: string): void {
    const { rules } = this.of(user)
    rules.splice(
      rules.findIndex((rule) => rule.id === id),
      1,
    )
  }

  addCategory(user: string, displayName: string, color = 'preset0'): string {
    const id = `${String(this.next++).padStart(8, '0')}-65f3-4ad9-8d5c-0a4f5c1c6d77`
    this.of(user).categories.push({ id, displayName, color })
    return id
  }

  removeCategory(user: string, displayName: string): void {
    const { categories } = this.of(user)
    categories.splice(
      categories.findIndex((category) => category.displayName === displayName),
      1,
    )
  }

  setSettings(user: string, settings: Readonly<Record<string, unknown>>): void {
    Object.assign(this.of(user).settings, settings)
  }

  rules(user: string): readonly StoredRule[] {
    return this.of(user).rules
  }

  categories(user: string): readonly StoredCategory[] {
    return this.of(user).categories
  }

  settings(user: string): Readonly<Record<string, unknown>> {
    return this.of(user).settings
  }

  ruleId(): string {
    return Buffer.from(`\x01\x00\x00\x00${String(this.next++).padStart(4, '0')}`, 'latin1').toString('base64')
  }

  private of(user: string): MailboxSettings {
    const id = this.tenant.findUser(user)?.id ?? user
    const known = this.mailboxes.get(id)
    if (known !== undefined) return known
    const made: MailboxSettings = { rules: [], categories: [], settings: structuredClone(newSettings) }
    this.mailboxes.set(id, made)
    return made
  }
}

const make = (tenant: TenantState, _clock: SimulatorClock): MailboxSettingsState => new MailboxSettingsState(tenant)

export function mailboxSettingsState(tenant: TenantState): MailboxSettingsState {
  return tenant.service(make)
}
