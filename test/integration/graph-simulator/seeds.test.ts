import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  dumpServed,
  seedFromSpamAssassin,
  startGraphSimulator,
  syntheticMailbox,
} from '../../support/graph-simulator/index.ts'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { connect, followDelta } from './client.ts'

async function contentHash(simulator: GraphSimulator): Promise<string> {
  const hash = createHash('sha256')
  for (const { userPrincipalName: user, hasMailbox } of simulator.tenant.users()) {
    if (!hasMailbox) continue
    for (const message of simulator.tenant.eachMessage(user)) {
      hash.update(JSON.stringify(message)).update(await simulator.tenant.mime(user, message.id))
    }
  }
  return hash.digest('hex')
}

describe('the tenant of real mails', () => {
  const started: { simulator?: GraphSimulator } = {}
  const simulator = (): GraphSimulator => {
    if (started.simulator === undefined) throw new Error('Not started')
    return started.simulator
  }
  beforeAll(async () => {
    started.simulator = await startGraphSimulator({ tenant: seedFromSpamAssassin() })
  })
  afterAll(() => started.simulator?.close())

  test('holds every mail of the corpus once, and the crafted ones', () => {
    const { tenant } = simulator()
    const users = tenant.users().filter((user) => user.hasMailbox)
    const counts = users.map((user) => tenant.messages(user.id).length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6046 + 18)
    expect(users.length).toBeGreaterThanOrEqual(4)
    expect(tenant.users().some((user) => !user.hasMailbox)).toBe(true)
    expect(counts).toContain(0)
  })

  test('has nested, hidden, duplicate and localized folders', () => {
    const { tenant } = simulator()
    const folders = tenant
      .users()
      .filter((user) => user.hasMailbox)
      .flatMap((user) => tenant.folders(user.id))
    const paths = folders.map((folder) => JSON.stringify(folder.path))
    expect(folders.some((folder) => folder.path.length >= 4)).toBe(true)
    expect(folders.some((folder) => folder.isHidden && folder.totalItemCount > 0)).toBe(true)
    expect(paths.filter((path) => path === '["Duplicate"]')).toHaveLength(2)
    expect(folders.some((folder) => folder.wellKnownName === 'inbox' && folder.displayName === 'Posteingang')).toBe(
      true,
    )
  })

  test('has flags, categories, read states and sane dates', () => {
    const { tenant } = simulator()
    const messages = tenant
      .users()
      .filter((user) => user.hasMailbox)
      .flatMap((user) => tenant.messages(user.id))
    expect(messages.some((message) => message.flag.flagStatus === 'complete')).toBe(true)
    expect(messages.some((message) => message.flag.dueDateTime !== undefined)).toBe(true)
    expect(messages.some((message) => message.categories.length > 1)).toBe(true)
    expect(messages.some((message) => message.isRead) && messages.some((message) => !message.isRead)).toBe(true)
    const dates = messages.map((message) => message.receivedDateTime).toSorted()
    expect((dates[0] ?? '') >= '1970-01-02').toBe(true)
    expect((dates.at(-1) ?? '') < '2037-12-31').toBe(true)
  })

  test('serves the bytes of the corpus without the mbox line, 8-bit mails unharmed', async () => {
    const { tenant } = simulator()
    let eightBit = 0
    for (const user of tenant.users()) {
      if (!user.hasMailbox) continue
      for (const message of tenant.eachMessage(user.id)) {
        const bytes = await tenant.mime(user.id, message.id)
        if (bytes.subarray(0, 5).toString('latin1') === 'From ') throw new Error('An mbox line was served')
        if (!isUtf8(bytes)) eightBit++
      }
    }
    // 500 in the corpus, four among the crafted ones.
    expect(eightBit).toBe(504)
  })

  test('has attachments of every size, whole', async () => {
    const { tenant } = simulator()
    const sizes: number[] = []
    for (const user of tenant.users()) {
      if (!user.hasMailbox) continue
      for (const message of tenant.eachMessage(user.id)) {
        if (!(message.subject ?? '').startsWith('Attachment of ')) continue
        sizes.push(...tenant.attachments(user.id, message.id).map((attachment) => attachment.bytes.length))
      }
    }
    expect(sizes.toSorted((a, b) => a - b)).toEqual([
      10_240, 307_200, 2_097_152, 3_145_727, 3_145_728, 4_194_305, 8_388_608, 20_971_520,
    ])
  })
})

describe('the same seed', () => {
  test('gives the same tenant, another seed another', async () => {
    const hashes: string[] = []
    for (const seed of [5, 5, 6]) {
      const simulator = await startGraphSimulator({
        tenant: seedFromSpamAssassin({ seed, limit: 200, largestAttachment: 20_000 }),
      })
      hashes.push(await contentHash(simulator))
      await simulator.close()
    }
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })
})

describe('a synthetic mailbox', () => {
  test('is served as it is described, and small in memory', async () => {
    const simulator = await startGraphSimulator({ tenant: syntheticMailbox({ messages: 2000, folders: 3 }) })
    try {
      const graph = await connect(simulator)
      const user = 'large@contoso.example'
      const { entities } = await followDelta(graph, `/users/${user}/mailFolders/inbox/messages/delta`, {
        pageSize: 500,
      })
      const unique = new Map(entities.map((entity) => [entity.id, entity]))
      expect(unique.size).toBe(simulator.tenant.folder(user, 'inbox').totalItemCount)
      for (const message of simulator.tenant.messages(user, 'inbox').slice(0, 20)) {
        const mime = await simulator.tenant.mime(user, message.id)
        expect(mime.toString()).toContain(`Subject: ${message.subject ?? ''}\r\n`)
        expect(mime.toString()).toContain(`Message-ID: ${message.internetMessageId}\r\n`)
        expect(unique.get(message.id)).toMatchObject({ subject: message.subject, sentDateTime: message.sentDateTime })
      }
    } finally {
      await simulator.close()
    }
  })
})

describe('dumping what is served', () => {
  test('writes every message under its name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-dump-'))
    const simulator = await startGraphSimulator({ tenant: syntheticMailbox({ messages: 20, folders: 1 }) })
    try {
      const dumped = await dumpServed(simulator.tenant, folder, (user, message) =>
        join(user, ...message.folderPath, `${message.id}.eml`),
      )
      expect(dumped).toHaveLength(20)
      for (const { user, id, file } of dumped) {
        const written = await readFile(join(folder, file))
        expect(written.equals(await simulator.tenant.mime(user, id))).toBe(true)
      }
    } finally {
      await simulator.close()
      await rm(folder, { recursive: true })
    }
  })
})
