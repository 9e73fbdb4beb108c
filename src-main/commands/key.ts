import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { formatMoment } from '../../src-shared/text/amounts.ts'
import { displayWidth } from '../../src-shared/text/printable.ts'
import {
  addKey,
  changePassphrase,
  isEngineError,
  listKeys,
  removeKey,
  resolveKey,
  type OpenRepository,
} from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { writeToFile } from './parts/byte-output.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { tableLines } from './parts/output.ts'
import type { PassphraseKind } from './parts/passphrase.ts'
import { recoveryPage, recoveryText } from './parts/recovery-kit.ts'
import { openRepositoryAt, whileLocked, type OpenedRepository } from './parts/repository.ts'
import { requiredArgument, type Session } from './parts/session.ts'
import { UsageError } from './parts/usage-error.ts'

const SHORT = 8
const HEADINGS = ['', 'ID', 'User', 'Host', 'Made']

const newPassphrase: PassphraseKind = {
  option: 'new-passphrase-file',
  variable: 'HOLDFAST_NEW_PASSPHRASE',
  name: 'the new passphrase',
  prompts: { open: 'New passphrase:', new: 'New passphrase:' },
  owner: 'a repository',
}

const REFUSALS: Readonly<Record<string, string>> = {
  'key in use': 'This key opened the repository just now: open it with another passphrase to remove it.',
  'no such key': 'There is no such key: "holdfast key list" shows those that there are.',
  'several keys': 'Several keys begin so: give more digits of the id.',
  'last key': 'This is the only key that can be read: without it nobody could open the repository any more.',
}

/** Adds, removes, lists and changes what opens the repository, and writes a recovery kit. */
export async function key(session: Session): Promise<ExitCode> {
  const action = requiredArgument(session, 0)
  const place = requiredArgument(session, 1)
  if (action === 'recovery-kit') requireTarget(session)
  const asked = remembering(session)
  const opened = await openRepositoryAt(asked, place, { mayBeCached: false })
  try {
    if (action === 'list') return await list(asked, opened.repository)
    if (action === 'add') return await add(asked, opened)
    if (action === 'remove') return await remove(asked, opened)
    if (action === 'passwd') return await change(asked, opened)
    return await writeKit(asked, opened)
  } catch (error) {
    const refusal = isEngineError(error, 'usage') ? REFUSALS[String(error.context.reason)] : undefined
    throw refusal === undefined ? error : new UsageError(refusal, { cause: error })
  }
}

/** What was typed once need not be typed again. */
function remembering(session: Session): Session {
  let known: Promise<string> | undefined
  return {
    ...session,
    passphrase: (purpose, kind) =>
      kind === newPassphrase ? session.passphrase(purpose, kind) : (known ??= session.passphrase(purpose, kind)),
  }
}

async function list({ output, signal }: Session, { store, keyId }: OpenRepository): Promise<ExitCode> {
  const { keys, damaged } = await listKeys(store, signal)
  const rows = keys.map(({ id, username, hostname, created }) => [
    id === keyId ? '*' : '',
    id.slice(0, SHORT),
    username,
    hostname,
    formatMoment(Date.parse(created)),
  ])
  for (const line of tableLines([HEADINGS, ...rows], displayWidth)) output.line(line)
  for (const { id, username, hostname, created } of keys)
    output.object({ message_type: 'key', id, current: id === keyId, user_name: username, host_name: hostname, created })
  for (const id of damaged) output.warn(`Key ${id.slice(0, SHORT)} is damaged: "holdfast key remove" removes it.`)
  output.object({ message_type: 'summary', keys: keys.length, damaged })
  return damaged.length > 0 ? exitCodes.incomplete : exitCodes.done
}

async function add(session: Session, opened: OpenedRepository): Promise<ExitCode> {
  const { output, values } = session
  const username = values.text('user')
  const passphrase = await session.passphrase('new', newPassphrase)
  const { store, key: sealing } = opened.repository
  const id = await whileLocked(session, opened, { exclusive: false, readsOnly: false }, (signal) =>
    addKey(store, sealing, passphrase, { signal, ...(username === undefined ? {} : { username }) }),
  )
  output.summary(`Key ${id.slice(0, SHORT)} was added: its passphrase opens the repository, too.`)
  output.object({ message_type: 'summary', added: id })
  return exitCodes.done
}

async function remove(session: Session, opened: OpenedRepository): Promise<ExitCode> {
  const { output, args } = session
  const [, , name] = args
  if (name === undefined) throw new UsageError('It is not clear which key: name it as "holdfast key list" does.')
  const { store, keyId } = opened.repository
  const id = await whileLocked(session, opened, { exclusive: true, readsOnly: false }, async (signal) => {
    const found = await resolveKey(store, name, signal)
    await removeKey(store, found, keyId, { signal })
    return found
  })
  output.summary(`Key ${id.slice(0, SHORT)} was removed: its passphrase no longer opens the repository.`)
  output.object({ message_type: 'summary', removed: id })
  return exitCodes.done
}

async function change(session: Session, opened: OpenedRepository): Promise<ExitCode> {
  const { output } = session
  const from = await session.passphrase('open')
  const to = await session.passphrase('new', newPassphrase)
  const id = await whileLocked(session, opened, { exclusive: true, readsOnly: false }, (signal) =>
    changePassphrase(opened.repository.store, { from, to }, { signal }),
  )
  output.summary('The passphrase was changed: the old one no longer opens the repository.')
  output.object({ message_type: 'summary', added: id, removed: opened.repository.keyId })
  return exitCodes.done
}

/** Throws UsageError. */
function requireTarget({ values }: Session): string {
  const to = values.text('to')
  if (to === undefined) throw new UsageError('It is not clear where the kit goes: name a file with --to.')
  return resolve(to)
}

async function writeKit(session: Session, { destination, repository }: OpenedRepository): Promise<ExitCode> {
  const { output, values, signal } = session
  const to = requireTarget(session)
  const { location } = destination.store
  const withPassphrase = values.flag('with-passphrase') === true
  const kit = {
    location,
    folder: /^[a-z][a-z0-9+.-]+:\/\//i.test(location) ? undefined : location,
    repositoryId: repository.config.id,
    keys: (await listKeys(repository.store, signal)).keys,
    passphrase: withPassphrase ? await session.passphrase('open') : undefined,
    made: systemClock.now(),
  }
  const text = /\.html?$/i.test(to) ? recoveryPage(kit) : recoveryText(kit)
  await writeToFile(to, Readable.from([Buffer.from(text)]), signal)
  output.summary(`Wrote the recovery kit to ${to}`)
  if (withPassphrase) output.warn('The passphrase stands in it: print it, put it away, and remove the file.')
  else output.summary('The passphrase does not stand in it: write it down on the printed page.')
  output.object({ message_type: 'summary', file: to, with_passphrase: withPassphrase })
  return exitCodes.done
}
