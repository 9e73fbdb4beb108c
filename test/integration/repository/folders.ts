import { createHash } from 'node:crypto'
import { createReadStream, existsSync, lstatSync, readdirSync, readlinkSync, type Dirent } from 'node:fs'
import { tmpdir } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { nameFromBytes } from '../../../src-main/engine/repository/node-name.ts'

/** What a file, folder (name with a slash at its end) or link on disk is. Times in milliseconds, without fraction. */
export type Entry =
  | { readonly mode: string; readonly mtime: string }
  | { readonly sha256: string; readonly size: number; readonly mode: string; readonly mtime: string }
  | { readonly link: string }

/** Everything below a folder, by path. Bytes of names that are no UTF-8 stand as lone surrogates. */
export async function entriesIn(folder: string): Promise<Record<string, Entry>> {
  const entries: Record<string, Entry> = {}
  await collect(Buffer.from(folder), '', entries)
  return entries
}

async function collect(folder: Buffer, path: string, entries: Record<string, Entry>): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const place = Buffer.concat([folder, Buffer.from('/'), entry.name])
    const name = path + nameFromBytes(entry.name)
    const described = await describeEntry(place, entry)
    entries[entry.isDirectory() ? `${name}/` : name] = described
    if (entry.isDirectory()) await collect(place, `${name}/`, entries)
  }
}

async function describeEntry(place: Buffer, entry: Dirent<Buffer>): Promise<Entry> {
  if (entry.isSymbolicLink()) return { link: readlinkSync(place) }
  const { mode, mtimeMs, size } = lstatSync(place)
  const common = { mode: (mode & 0o777).toString(8), mtime: new Date(Math.floor(mtimeMs)).toISOString() }
  return entry.isDirectory() ? common : { sha256: await hashOf(place), size, ...common }
}

async function hashOf(place: Buffer): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(place), hash)
  return hash.digest('hex')
}

/** Names and bytes only. */
export function contentsOf(entries: Readonly<Record<string, Entry>>): Record<string, string> {
  const contents: Record<string, string> = {}
  for (const [path, entry] of Object.entries(entries)) if ('sha256' in entry) contents[path] = entry.sha256
  return contents
}

/** Where to make repositories of some hundred MB: in memory where that can be, since the disk is not what is tested. */
export function roomyFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}
