import { expect, it, onTestFinished } from 'vitest'
import { startGraphSimulator } from '../../support/graph-simulator/index.ts'
import { mail } from '../mail/mailbox-fixture.ts'
import { messagesOf, requireCode, summaryOf, Workplace } from './program.ts'

const ada = 'ada@contoso.example'

it('a run that reads other types than the one before says what its snapshot has no more', async () => {
  const messages = [{ folder: 'inbox', mime: mail('Figures'), receivedDateTime: '2024-03-05T08:01:00Z' }]
  const users = [{ userPrincipalName: ada, displayName: 'Ada', messages }]
  const simulator = await startGraphSimulator({ tenant: { kind: 'inline', users } })
  const place = new Workplace(simulator)
  onTestFinished(async () => {
    place.remove()
    await simulator.close()
  })
  await place.init()
  const env = { HOLDFAST_EXCLUDE: '' }
  const backUp = (...types: readonly string[]) =>
    place.json(['backup', place.repository, ...types.flatMap((type) => ['--include', `type:${type}`])], { env })
  requireCode(await backUp('mail', 'mailbox-settings'), 0)
  const narrower = await backUp('mailbox-settings')
  requireCode(narrower, 0)
  const leftOut = { path: `users/${ada}/mailbox`, code: 'type-left-out' }
  expect(summaryOf(narrower).notices).toEqual([
    expect.objectContaining({ ...leftOut, message: expect.stringContaining('earlier snapshots keep it') as unknown }),
  ])
  expect(summaryOf(await backUp('mailbox-settings')).notices).toEqual([])
  expect(messagesOf(await place.json(['find', place.repository, 'Figures']), 'found')).toHaveLength(1)
})
