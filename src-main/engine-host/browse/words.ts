/** The words of previews that come from the engine host: labels of fields, states, repetitions. */
export const fieldWords = {
  name: 'Name',
  company: 'Company',
  department: 'Department',
  jobTitle: 'Job title',
  email: 'E-mail',
  mobile: 'Mobile phone',
  workPhone: 'Work phone',
  homePhone: 'Home phone',
  chat: 'Chat address',
  workAddress: 'Work address',
  homeAddress: 'Home address',
  otherAddress: 'Other address',
  birthday: 'Birthday',
  anniversary: 'Anniversary',
  website: 'Web site',
  nickname: 'Nickname',
  spouse: 'Spouse',
  children: 'Children',
  assistant: 'Assistant',
  manager: 'Manager',
  profession: 'Profession',
  office: 'Office',
  categories: 'Categories',
  due: 'Due',
  start: 'Start',
  completed: 'Completed',
  created: 'Created',
  modified: 'Modified',
  by: 'By',
  importance: 'Importance',
  priority: 'Priority',
  reminder: 'Reminder',
  repeats: 'Repeats',
  link: 'Link',
  size: 'Size',
  type: 'Type',
  sharedWith: 'Shared with',
  progress: 'Progress',
  description: 'Description',
} as const

export const stateWords: Readonly<Record<string, string>> = {
  notStarted: 'Not started',
  inProgress: 'In progress',
  completed: 'Completed',
  waitingOnOthers: 'Waiting for others',
  deferred: 'Deferred',
}

export const responseWords: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  tentativelyAccepted: 'tentative',
  declined: 'declined',
  organizer: 'organizer',
  notResponded: 'no answer',
}

export const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no')

const days: Readonly<Record<string, string>> = {
  sunday: 'Sunday',
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
}
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'].concat([
  'September',
  'October',
  'November',
  'December',
])
const units: Readonly<Record<string, readonly [one: string, several: string]>> = {
  daily: ['day', 'days'],
  weekly: ['week', 'weeks'],
  absoluteMonthly: ['month', 'months'],
  relativeMonthly: ['month', 'months'],
  absoluteYearly: ['year', 'years'],
  relativeYearly: ['year', 'years'],
}

/** Graph's recurrence, as far as it is known. https://learn.microsoft.com/graph/api/resources/recurrencepattern */
export interface Repetition {
  readonly type: string
  readonly interval: number
  readonly daysOfWeek: readonly string[]
  readonly dayOfMonth: number
  readonly month: number
  /** first, second... */
  readonly index: string
  /** yyyy-mm-dd of the last day; empty if it does not end by a day. */
  readonly until: string
  /** 0 if it does not end by a number. */
  readonly times: number
}

/** "Every 2 weeks on Monday and Friday until 2027-01-31"; empty for a pattern that is not known. */
export function repetitionText(repetition: Repetition): string {
  const unit = units[repetition.type]
  if (unit === undefined) return ''
  const { interval, until, times } = repetition
  const every = interval > 1 ? `Every ${interval} ${unit[1]}` : `Every ${unit[0]}`
  const end = until !== '' ? ` until ${until}` : times > 0 ? `, ${times} times` : ''
  return `${every}${onText(repetition)}${end}`
}

function onText({ type, daysOfWeek, dayOfMonth, month, index }: Repetition): string {
  const named = daysOfWeek.map((day) => days[day.toLowerCase()] ?? day).join(', ')
  const ofMonth = type.endsWith('Yearly') ? ` of ${months[month - 1] ?? String(month)}` : ''
  if (type === 'weekly') return named === '' ? '' : ` on ${named}`
  if (type.startsWith('absolute')) return ` on day ${dayOfMonth}${ofMonth}`
  return type.startsWith('relative') ? ` on the ${index} ${named}${ofMonth}` : ''
}
