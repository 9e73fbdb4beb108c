import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Lets real restic judge the demo's repository, if it is installed; says what it found, throws if it finds fault. */
export function checkWithRestic(place: string): string {
  const access = ['-r', join(place, 'repository'), '--password-file', join(place, 'passphrase')]
  const options = { encoding: 'utf8', env: { ...process.env, RESTIC_CACHE_DIR: join(place, 'restic-cache') } } as const
  const version = spawnSync('restic', ['version'], options)
  if (version.error !== undefined) return 'not installed here: not asked'
  const name = version.stdout.split(' ').slice(0, 2).join(' ')
  console.log('\n$ restic check --read-data')
  const check = spawnSync('restic', [...access, 'check', '--read-data'], options)
  process.stdout.write(check.stdout)
  if (check.status !== 0) throw new Error(`restic finds fault: ${check.stderr}`)
  return `${name} finds no error, all data read`
}
