import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { flushFolder, writeDurably } from '../../destinations/local-folder/durable-write.ts'
import { toStoreError } from '../../destinations/local-folder/store-errors.ts'
import { EngineError } from '../../engine/model/errors.ts'
import type { ChannelLedger, ChannelPlace, OpenedChannel } from '../../graph/teams/restore-ledger.ts'
import { withPlace } from './error-place.ts'

const FOLDER = 'channels-in-migration'
const NAME = /^[0-9a-f]{32}\.json$/
/** After so many milliseconds a channel is closed even if a process of that number runs: numbers are given again. */
const LONGEST = 24 * 3_600_000

export interface ProfileLedger extends ChannelLedger {
  /** Of all channels in it, whoever works on them. */
  tenants(): Promise<readonly string[]>
}

export interface LedgerOptions {
  /** Of this process. */
  readonly pid?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly isRunning?: (pid: number) => boolean
}

/**
 * The channels that a restore has put into migration mode, in the profile folder: one small file a channel, so that
 * several processes neither wait for one another nor lose what another one wrote. Written beside their place, flushed
 * and renamed: after a power cut a file is there as a whole or not at all. Rejects with `store.*` (context: place).
 */
export function createChannelLedger(profile: string, options: LedgerOptions = {}): ProfileLedger {
  const { pid = process.pid, now = () => Date.now(), isRunning = isProcess } = options
  const folder = join(profile, FOLDER)
  const mayClose = (entry: Entry): boolean =>
    entry.pid === pid || now() - entry.openedAt > LONGEST || !isRunning(entry.pid)
  return {
    opened: ({ tenant, team, channel, openedAt }) =>
      at(folder, async () => {
        const made = await mkdir(folder, { recursive: true, mode: 0o700 })
        if (made !== undefined) await flushFolder(profile)
        const line = `${JSON.stringify({ v: 1, tenant, team, channel, openedAt, pid })}\n`
        await writeDurably(join(folder, fileName({ tenant, team, channel })), [Buffer.from(line)], undefined)
      }),
    closed: (place) =>
      at(folder, async () => {
        await rm(join(folder, fileName(place)), { force: true })
        await ifThere(flushFolder(folder), undefined)
      }),
    list: (tenant) =>
      at(folder, async () => {
        const open = (await readEntries(folder)).filter((entry) => entry.tenant === tenant && mayClose(entry))
        return open.map(({ pid: _, ...channel }) => channel)
      }),
    tenants: () => at(folder, async () => [...new Set((await readEntries(folder)).map(({ tenant }) => tenant))]),
  }
}

interface Entry extends OpenedChannel {
  readonly pid: number
}

async function readEntries(folder: string): Promise<readonly Entry[]> {
  const names = (await ifThere(readdir(folder), [])).filter((name) => NAME.test(name)).sort()
  const entries: Entry[] = []
  for (const name of names) entries.push(...(await readEntry(join(folder, name))))
  return entries
}

/** Nothing if another process closed it meanwhile. */
async function readEntry(path: string): Promise<readonly Entry[]> {
  const text = await ifThere(readFile(path, 'utf8'), undefined)
  if (text === undefined) return []
  const entry = parsed(text)
  if (entry === undefined) throw new EngineError('store.failed', { context: { place: path, reason: 'damaged-file' } })
  return [entry]
}

function parsed(text: string): Entry | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { tenant, team, channel, openedAt, pid } = value as Readonly<Record<string, unknown>>
  if (typeof tenant !== 'string' || typeof team !== 'string' || typeof channel !== 'string') return undefined
  if (typeof openedAt !== 'number' || typeof pid !== 'number') return undefined
  return { tenant, team, channel, openedAt, pid }
}

/** Ids of channels have characters that no file name may have. */
function fileName({ tenant, team, channel }: ChannelPlace): string {
  const key = JSON.stringify([tenant, team, channel])
  return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`
}

async function at<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw withPlace(toStoreError(error), place)
  }
}

async function ifThere<T, U>(work: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
