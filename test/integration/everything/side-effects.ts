import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { mailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'
import type { Tenant } from './tenants.ts'

/** Routes by which somebody gets a message. */
const sending = /\/(send|sendMail|forward|reply|replyAll|cancel|accept|decline|tentativelyAccept)$|^POST chats\//

/** What people other than the user would have noticed, by its kind, and how often; empty if nothing. */
export function sideEffects({ simulator }: Tenant): Readonly<Record<string, number>> {
  const { tenant, log } = simulator
  const desk = new CalendarDesk(tenant)
  const sum = (count: (user: string) => number): number =>
    tenant.users().reduce((all, { userPrincipalName }) => all + count(userPrincipalName), 0)
  const counts = {
    invitations: sum((user) => desk.sent(user).length),
    onlineMeetings: sum((user) => desk.onlineMeetings(user)),
    sharingMails: drivesOf(tenant).sharingMails,
    repliesSwitchedOn: mailboxSettingsState(tenant).repliesSwitchedOn,
    tasksSpawned: sum((user) => tenant.service(todoState).book(user).spawned),
    messages: log.entries().filter(({ method, route }) => sending.test(`${method} ${route}`)).length,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
