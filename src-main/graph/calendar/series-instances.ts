import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import type { BatchAnswer } from '../client/types.ts'
import { answerEntries } from '../item/batch-answers.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { CalendarOwner } from './calendar-owner.ts'
import { cancelledDaysOf, exceptionsOf } from './event-parts.ts'
import { occurrenceDay, originalDay } from './event-times.ts'

/** A day is looked for with so much around it, whatever its zone. Milliseconds. */
const around = 36 * 60 * 60_000

export interface SoughtDays {
  /** yyyy-mm-dd in the zone of the series. */
  readonly days: readonly string[]
  readonly zone: string
  /** Nothing was changed on the series yet. */
  readonly isNew: boolean
}

/**
 * Graph ids of the days of a series in the target. A day that was moved already is found among the changed ones; a day
 * that is cancelled already, or that the series does not have, is left out.
 */
export async function findDays(
  mailbox: CalendarOwner,
  series: string,
  { days, zone, isNew }: SoughtDays,
): Promise<ReadonlyMap<string, string>> {
  const done = isNew ? {} : await readDone(mailbox, series)
  const ids = new Map(
    exceptionsOf(done).flatMap((exception) => {
      const day = originalDay(exception, zone)
      return day === undefined ? [] : [[day, text(exception, 'id') ?? ''] as const]
    }),
  )
  const cancelled = new Set(cancelledDaysOf(done))
  const open = days.filter((day) => !ids.has(day) && !cancelled.has(day))
  for (const [index, answer] of (await askFor(mailbox, series, open)).entries()) {
    const { client, user, signal } = mailbox
    const around = await answerEntries(client, answer, { pool: mailboxPool(user), signal })
    const found = around.find(
      (each) => text(each, 'type') === 'occurrence' && occurrenceDay(each, zone) === open[index],
    )
    if (found !== undefined) ids.set(open[index] ?? '', text(found, 'id') ?? '')
  }
  return new Map([...ids].filter(([day]) => days.includes(day)))
}

async function readDone({ client, user, path, signal }: CalendarOwner, series: string): Promise<JsonObject> {
  return await client.json<JsonObject>({
    path: path + graphPath`/events/${series}`,
    query: { $select: 'cancelledOccurrences,exceptionOccurrences', $expand: 'exceptionOccurrences' },
    pool: mailboxPool(user),
    signal,
  })
}

async function askFor(
  mailbox: CalendarOwner,
  series: string,
  days: readonly string[],
): Promise<readonly BatchAnswer[]> {
  if (days.length === 0) return []
  const { client, user, path, signal } = mailbox
  const members = days.map((day) => {
    const noon = Date.parse(`${day}T12:00:00Z`)
    const startDateTime = new Date(noon - around).toISOString()
    const endDateTime = new Date(noon + around).toISOString()
    const query = { startDateTime, endDateTime, $select: 'type,start,isAllDay', $top: 50 }
    return { path: path + graphPath`/events/${series}/instances`, query }
  })
  return await client.batch(members, { pool: mailboxPool(user), signal })
}
