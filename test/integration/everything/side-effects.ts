import { CalendarDesk } from '../../support/graph-simulator/services/calendar/desk.ts'
import { groupConversations } from '../../support/graph-simulator/services/conversations/state.ts'
import { drivesOf } from '../../support/graph-simulator/services/drive/index.ts'
import { groupDirectory } from '../../support/graph-simulator/services/groups/state.ts'
import { mailboxSettingsState } from '../../support/graph-simulator/services/mailbox-settings/state.ts'
import { teamDirectory } from '../../support/graph-simulator/services/teams/state.ts'
import { toldPeople } from '../../support/graph-simulator/services/teams/writes/told.ts'
import { todoState } from '../../support/graph-simulator/services/todo/state.ts'
import type { Tenant } from './tenants.ts'

/** Routes by which somebody gets a message. */
const sending = /\/(send|sendMail|forward|reply|replyAll|cancel|accept|decline|tentativelyAccept)$|^POST chats\//

/** What people other than the user would have noticed, by its kind, and how often; empty if nothing. */
export function sideEffects({ simulator }: Tenant): Readonly<Record<string, number>> {
  const { tenant, log } = simulator
  const desk = new CalendarDesk(tenant)
  const groups = groupDirectory(tenant)
  const users = tenant.users().map(({ userPrincipalName }) => userPrincipalName)
  const sum = (count: (owner: string) => number, owners: readonly string[] = users): number =>
    owners.reduce((all, owner) => all + count(owner), 0)
  const unified = groups.all().flatMap(({ id, groupTypes }) => (groupTypes.includes('Unified') ? [id] : []))
  const counts = {
    invitations: sum((owner) => desk.sent(owner).length, [...users, ...unified]),
    onlineMeetings: sum((owner) => desk.onlineMeetings(owner), [...users, ...unified]),
    sharingMails: drivesOf(tenant).sharingMails,
    repliesSwitchedOn: mailboxSettingsState(tenant).repliesSwitchedOn,
    tasksSpawned: sum((user) => tenant.service(todoState).book(user).spawned),
    welcomes: groups.welcomed,
    conversations: groupConversations(tenant).mailed,
    channelMessages: teamDirectory(tenant).posted,
    toldOfChannels: toldPeople(tenant).added,
    messages: log.entries().filter(({ method, route }) => sending.test(`${method} ${route}`)).length,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
