import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Every place where one of the secrets shows: in what was seen of a program, or in a file below `folder`. */
export async function placesOf(
  secrets: readonly string[],
  { seen, folder }: { readonly seen: readonly string[]; readonly folder: string },
): Promise<readonly string[]> {
  if (secrets.some((secret) => secret.length < 8)) throw new Error('a secret of this length is anywhere')
  const places = seen.map((text, at): [string, string] => [`seen (${String(at)}): ${text}`, text])
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) places.push([path, await readFile(path, 'latin1')])
  }
  return places.filter(([, text]) => secrets.some((secret) => text.includes(secret))).map(([where]) => where)
}

/** The command lines of all processes, as anybody on the machine can read them. */
export async function processList(): Promise<string> {
  const names = await readdir('/proc').catch(() => [])
  const lines: string[] = []
  for (const name of names)
    // A process may be gone by the time it is looked at.
    if (/^\d+$/.test(name)) lines.push(await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => ''))
  return lines.join('\n')
}
