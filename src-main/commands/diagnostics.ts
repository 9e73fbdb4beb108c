import { readdir, stat } from 'node:fs/promises'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { catalogFigures, isEngineError } from '../engine/index.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { openCheckHistory } from '../settings/check-history.ts'
import { openDrillHistory } from '../settings/drill-history.ts'
import type { Plan } from '../settings/model.ts'
import { openRunHistory } from '../settings/run-history.ts'
import { readSettings } from '../settings/settings-file.ts'
import { writeToFile } from './parts/byte-output.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { zipStream, type ZipEntry } from './export/zip.ts'
import { openLog } from './parts/log.ts'
import type { Session } from './parts/session.ts'
import { programVersion } from './parts/version.ts'

const FILE = 'holdfast-diagnostics.zip'
const CATALOG = '.sqlite'

/** Gathers what helps to find a fault: versions, settings without names, logs, figures. */
export async function diagnostics(session: Session): Promise<ExitCode> {
  const { values, output, signal, profile } = session
  const to = resolve(values.text('to') ?? FILE)
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    'versions.json': () => Promise.resolve(versions()),
    'settings.json': () => settings(profile),
    'history.json': () => openRunHistory(profile).runs(),
    'checks.json': () => openCheckHistory(profile).all(),
    'drills.json': () => openDrillHistory(profile).all(),
    'log.json': () => openLog(profile).read(),
    'profile.json': () => profileFigures(profile),
    'catalogs.json': () => catalogs(profile),
  }
  const entries = async function* (): AsyncGenerator<ZipEntry, void, undefined> {
    for (const [name, gather] of Object.entries(parts)) {
      const bytes = Buffer.from(`${JSON.stringify(await orFailure(gather), undefined, 2)}\n`)
      yield { name, time: systemClock.now(), size: bytes.length, data: only(bytes) }
    }
  }
  await writeToFile(to, zipStream(entries()), signal)
  output.summary(`Wrote ${to}: no secrets and nothing of what is backed up. Look through it before you pass it on.`)
  output.object({ message_type: 'summary', file: to, parts: Object.keys(parts) })
  return exitCodes.done
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes)
}

/** What cannot be gathered is part of the picture. */
async function orFailure(gather: () => Promise<unknown>): Promise<unknown> {
  try {
    return await gather()
  } catch (error) {
    return failureOf(error)
  }
}

function failureOf(error: unknown): { readonly failed: string } {
  return { failed: isEngineError(error) ? error.code : error instanceof Error ? error.name : 'unknown' }
}

function versions(): object {
  const { node, v8, openssl } = process.versions
  const machine = { platform: platform(), release: release(), arch: arch(), cpus: cpus().length, memory: totalmem() }
  return { holdfast: programVersion(), node, v8, openssl, ...machine, time: new Date(systemClock.now()).toISOString() }
}

async function settings(profile: string): Promise<object> {
  const { version, notice, plans } = await readSettings(profile)
  return { version, notice, plans: plans.map(redacted) }
}

/** Which options there are, and not what they say: that names people, tenants and places. */
function redacted({ id, created, destination, sources, schedule, retention, after, notice }: Plan): object {
  const scheme = /^@?([a-z][a-z0-9+.-]+):\/\//i.exec(destination)?.[1] ?? 'folder'
  const tags = retention?.tags === undefined ? {} : { tags: retention.tags.length }
  return {
    id,
    created,
    destination: scheme,
    sources: sources.map((source) => Object.entries(source).map(shownOption)),
    schedule,
    retention: { ...retention, ...tags },
    after,
    notice,
  }
}

/** A flag says nothing of anybody. */
function shownOption([name, value]: readonly [string, unknown]): string {
  return typeof value === 'boolean' ? `${name}: ${String(value)}` : name
}

/** Files of the profile by what they are, with their sizes. */
async function profileFigures(profile: string): Promise<object> {
  const figures: { readonly kind: string; readonly name: string; readonly bytes: number }[] = []
  for (const kind of ['', 'catalogs', 'logs', 'reports', 'locks', 'cache']) {
    for (const entry of await entriesOf(join(profile, kind))) {
      if (!entry.isFile()) continue
      const { size } = await stat(join(profile, kind, entry.name))
      figures.push({ kind, name: entry.name, bytes: size })
    }
  }
  return figures
}

/** What each repository's catalog holds, in figures; a damaged one is told. */
async function catalogs(profile: string): Promise<object> {
  const folder = join(profile, 'catalogs')
  const names = (await entriesOf(folder)).filter((entry) => entry.isFile()).map(({ name }) => name)
  const files = names.filter((name) => name.endsWith(CATALOG))
  return files.map((name) => ({ repository: name.slice(0, -CATALOG.length), ...figuresOf(join(folder, name)) }))
}

function figuresOf(file: string): object {
  try {
    return catalogFigures(file)
  } catch (error) {
    // A catalog's error says what is wrong with the file, and nothing of what is in it.
    return { ...failureOf(error), ...(isEngineError(error) ? error.context : {}) }
  }
}

async function entriesOf(folder: string): Promise<readonly { readonly name: string; isFile(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
