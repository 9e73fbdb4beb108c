import { describe, expect, it } from 'vitest'
import { parseMimeMessage } from '../../../src-main/graph/mail/mime-message.ts'
import { seedFromSpamAssassin, startGraphSimulator } from '../../support/graph-simulator/index.ts'
import type { MessageInfo } from '../../support/graph-simulator/index.ts'
import { ada, worldOf } from './mailbox-fixture.ts'
import { backUp, kinds, restore } from './restore-fixture.ts'

/** Spread over the corpus, and the made-up mails with attachments around every limit. */
const corpus = seedFromSpamAssassin({ limit: Number(process.env.HOLDFAST_REAL_MAILS ?? 400) })

describe('real mails', () => {
  it('come back from a restore as they were', async () => {
    const simulator = await startGraphSimulator({ tenant: corpus })
    simulator.tenant.addUser({ userPrincipalName: ada, displayName: 'Target' })
    const here = worldOf(simulator)
    let compared = 0
    for (const { userPrincipalName: user, hasMailbox } of simulator.tenant.users()) {
      if (!hasMailbox || user === ada) continue
      const folders = await backUp(here, user)
      const outcomes = await restore(here, folders, { targetFolder: user }, ada)
      const count = folders.reduce((sum, folder) => sum + folder.items.length, 0)
      expect(kinds(outcomes)).toEqual(count === 0 ? {} : { created: count })
      for (const [index, item] of folders.flatMap((folder) => folder.items).entries()) {
        const outcome = outcomes[index]
        const original = simulator.tenant.message(user, item.metadata['o365:Id'] as string)
        const copy = simulator.tenant.message(ada, outcome?.kind === 'created' ? outcome.id : '')
        // The tenant has two folders of one name side by side, which Graph does not let anybody make.
        const path = copy.folderPath.map((name) => name.replace(/ \(2\)$/, ''))
        expect(path).toEqual([user, ...original.folderPath])
        expect(shown(copy)).toEqual(shown(original))
        const source = await parseMimeMessage(await simulator.tenant.mime(user, original.id))
        const files = simulator.tenant.attachments(ada, copy.id)
        expect(files.map(({ name, bytes }) => [name, bytes.length])).toEqual(
          source.files.map(({ name, bytes }) => [name, bytes.length]),
        )
        expect(files.every(({ bytes }, at) => bytes.equals(source.files[at]?.bytes ?? Buffer.alloc(0)))).toBe(true)
        compared += 1
      }
      expect(kinds(await restore(here, folders, { targetFolder: user }, ada))).toEqual(
        count === 0 ? {} : { duplicate: count },
      )
    }
    expect(compared).toBeGreaterThan(400)
    expect(simulator.log.unknown).toEqual([])
  })
})

function shown(message: MessageInfo): Partial<MessageInfo> {
  const { subject, internetMessageId, receivedDateTime, sentDateTime, isRead, isDraft } = message
  const { importance, categories, flag } = message
  return {
    subject,
    internetMessageId,
    receivedDateTime,
    sentDateTime,
    isRead,
    isDraft,
    importance,
    categories,
    flag,
  }
}
