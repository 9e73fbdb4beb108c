import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Keeps `npm ci` free of a compiler with every npm, not only with those that know `allowScripts`.
 *
 * A package with a binding.gyp and no install script is compiled by npm unless its package.json says `gypfile: false`.
 * better-sqlite3 says so (it brings its binaries), but npm does not copy that word into the lockfile, and `npm ci`
 * trusts the lockfile: it starts node-gyp. npm does honour the word when it stands in the lockfile, and drops it
 * whenever it rewrites that file. This puts it back: `npm run check:lockfile -- --write`.
 */

interface LockedPackage {
  readonly resolved?: string
  readonly gypfile?: boolean
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

const root = join(import.meta.dirname, '..')
const lockfilePath = join(root, 'package-lock.json')
const publicRegistry = 'https://registry.npmjs.org/'

/** Whether npm would want to compile the package and its author says not to. Those of other platforms are not there. */
function refusesCompiler(location: string): boolean {
  if (!existsSync(join(root, location, 'binding.gyp'))) return false
  const manifest = JSON.parse(readFileSync(join(root, location, 'package.json'), 'utf8')) as LockedPackage
  return manifest.gypfile === false
}

function unsealedPackages({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages)
    .filter(([location, locked]) => location !== '' && locked.gypfile !== false && refusesCompiler(location))
    .map(([location]) => location)
}

/** Packages that would be fetched from somewhere else than the public registry. */
function strayPackages({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith(publicRegistry))
    .map(([location]) => location)
}

function seal(lockfile: Lockfile, locations: readonly string[]): void {
  const sealed = Object.entries(lockfile.packages).map(([location, locked]) => [
    location,
    locations.includes(location) ? { ...locked, gypfile: false } : locked,
  ])
  const packages: unknown = Object.fromEntries(sealed)
  writeFileSync(lockfilePath, JSON.stringify({ ...lockfile, packages }, null, 2) + '\n')
}

const lockfile = JSON.parse(readFileSync(lockfilePath, 'utf8')) as Lockfile
const unsealed = unsealedPackages(lockfile)
const stray = strayPackages(lockfile)
const writing = process.argv.includes('--write')

if (writing && unsealed.length > 0) seal(lockfile, unsealed)
if (!writing) {
  for (const location of unsealed)
    console.error(`${location} would be compiled by npm ci; run: npm run check:lockfile -- --write`)
}
for (const location of stray) console.error(`${location} is locked to another place than ${publicRegistry}`)

const faults = stray.length + (writing ? 0 : unsealed.length)
if (faults === 0)
  console.log(`lockfile: ${Object.keys(lockfile.packages).length - 1} packages, none compiled on install`)
process.exitCode = faults === 0 ? 0 : 1
