import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGraphSimulator, type GraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, requireCode, summaryOf, Workplace, type Finished, type Message } from './program.ts'

const ada = 'ada@contoso.example'
const grace = 'grace@contoso.example'
const MESSAGES = 300
const CONTENT = 'users/{user}/messages/{message}/$value'

function messages(): { folder: string; mime: string }[] {
  return Array.from({ length: MESSAGES }, (_, at) => ({
    folder: at % 2 === 0 ? 'inbox' : 'archive',
    mime: mail(`Number ${at}`),
  }))
}

/** Stops the run as soon as it has read something. */
function stopOnceReading(signal: NodeJS.Signals): (line: string, kill: (signal: NodeJS.Signals) => void) => void {
  let stopped = false
  return (line, kill) => {
    const message = JSON.parse(line) as Message
    if (stopped || message.message_type !== 'status' || Number(message.items_done) < 20) return
    stopped = true
    kill(signal)
  }
}

describe('a run that is interrupted', () => {
  let simulator: GraphSimulator
  let place: Workplace
  let fresh: Workplace | undefined
  let last: Finished | undefined

  beforeAll(async () => {
    const users = [
      { userPrincipalName: ada, displayName: 'Ada', messages: messages() },
      { userPrincipalName: grace, displayName: 'Grace' },
    ]
    simulator = await startGraphSimulator({ tenant: { kind: 'inline', users }, latencyMs: 30 })
    place = new Workplace(simulator)
    await place.init()
  })
  afterAll(async () => {
    fresh?.remove()
    place.remove()
    await simulator.close()
  })

  const contentRequests = (): number => simulator.log.count({ route: CONTENT })

  const expectStopped = async (stopped: Finished): Promise<void> => {
    requireCode(stopped, 130)
    expect(stopped.messages.at(-1)).toMatchObject({
      message_type: 'error',
      error: { message: 'Stopped: what was read is kept, and the next run goes on from there.' },
      exit_code: 130,
    })
    // The lock is released: an exclusive one is to be had.
    requireCode(await place.run(['check', place.repository]), 0)
    expect(messagesOf(await place.json(['snapshots', place.repository]), 'snapshot')).toEqual([])
  }

  it('by Ctrl-C and by the signal to end stops in good order, and the next run goes on', async () => {
    const interrupted = await place.json(['backup', place.repository], { onLine: stopOnceReading('SIGINT') })
    await expectStopped(interrupted)
    const first = contentRequests()
    expect(first).toBeGreaterThanOrEqual(20)
    expect(first).toBeLessThan(MESSAGES)

    await expectStopped(await place.json(['backup', place.repository], { onLine: stopOnceReading('SIGTERM') }))

    const done = await place.json(['backup', place.repository])
    requireCode(done, 0)
    expect(summaryOf(done)).toMatchObject({ total_items: MESSAGES, items_unread: 0 })
    last = done
  })

  it('keeps what was read until then', () => {
    const done = last
    if (done === undefined) throw new Error('see the test before')
    expect(JSON.stringify(summaryOf(done).notices)).toContain('an interrupted run was continued')
    // Nothing that was read is read again, but what was on its way when it stopped.
    expect(contentRequests()).toBeLessThan(MESSAGES + 60)
  })

  it('shows how far it is, at most ten times a second', async () => {
    fresh = new Workplace(simulator)
    await fresh.init()
    const at: number[] = []
    const done = await fresh.json(['backup', fresh.repository], {
      onLine: (line) => {
        if ((JSON.parse(line) as Message).message_type === 'status') at.push(performance.now())
      },
    })
    requireCode(done, 0)
    const statuses = messagesOf(done, 'status').filter(({ total_items }) => total_items !== undefined)
    expect(statuses.length).toBeGreaterThan(3)
    expect(statuses.at(-1)).toMatchObject({
      current: expect.stringMatching(/^users\/.*\/mailbox/) as string,
      items_done: expect.any(Number) as number,
      total_items: MESSAGES,
      percent_done: expect.any(Number) as number,
      requests: expect.any(Number) as number,
    })
    const seconds = Number(summaryOf(done).total_duration)
    expect(messagesOf(done, 'status').length).toBeLessThanOrEqual(10 * seconds + 10)
  })

  it('lets others look at what is there meanwhile', async () => {
    simulator.tenant.addMessage(ada, 'inbox', mail('Added later'))
    for (let at = 0; at < 100; at++) simulator.tenant.addMessage(ada, 'drafts', mail(`Draft ${at}`))
    let looked: Promise<Finished> | undefined
    const done = await place.json(['backup', place.repository], {
      onLine: (line) => {
        if (Number((JSON.parse(line) as Message).items_done) > 0)
          looked ??= place.json(['find', place.repository, 'number', '--limit', '1'])
      },
    })
    requireCode(done, 0)
    expect(looked && summaryOf(await looked)).toMatchObject({ found: 1 })
  })

  it('as a restore stops in good order, and does the rest the next time', async () => {
    const url = `--restore-path=@office365://users/${grace}`
    const args = ['restore', place.repository, 'latest', `users/${ada}/mailbox/Inbox`, url]
    let count = 0
    const stopped = await place.json(args, {
      onLine: (line, kill) => {
        if ((JSON.parse(line) as Message).message_type === 'item' && ++count === 10) kill('SIGINT')
      },
    })
    requireCode(stopped, 130)
    expect(stopped.messages.at(-1)).toMatchObject({
      error: { message: expect.stringContaining('restores the rest') as string },
    })
    expect(stopped.stderr).toContain('What was done until then is in')
    const done = await place.json(args)
    requireCode(done, 0)
    const inbox = simulator.tenant.messages(ada, 'inbox').length
    const { items_created: created, items_existing: existing } = summaryOf(done)
    expect(Number(existing)).toBeGreaterThanOrEqual(10)
    expect(Number(created) + Number(existing)).toBe(inbox)
    expect(simulator.tenant.messages(grace)).toHaveLength(inbox)
  })

  it('by a reader that goes away ends without a word', async () => {
    const wrapper = ['sh', '-c', '"$@" | head -n 1', 'sh']
    // More than a pipe holds.
    const done = await place.json(['find', place.repository, 'number', '--limit', String(MESSAGES)], { wrapper })
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.messages).toHaveLength(1)
  })
})
