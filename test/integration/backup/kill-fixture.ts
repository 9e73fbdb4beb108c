import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { hexId, idBytes, isHexId, type HexId } from '../../../src-main/engine/model/ids.ts'
import type { BackupProcessOptions, BackupProcessReport, KillPoint } from '../../support/backup-process.ts'
import { BackupScene, PASSPHRASE } from '../../support/backup-scene.ts'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'
import { storedState, type MailState } from '../../support/mail-state.ts'

const program = fileURLToPath(new URL('../../support/backup-process.ts', import.meta.url))

/** The report of a run that came to its end; undefined if it was killed. */
export async function runProcess(
  { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret }: GraphSimulator,
  scene: BackupScene,
  kill?: KillPoint,
): Promise<BackupProcessReport | undefined> {
  const address = { graphBaseUrl, loginBaseUrl, tenantId, clientId, clientSecret }
  const options: BackupProcessOptions = { folder: scene.folder, address, ...(kill === undefined ? {} : { kill }) }
  const env = { ...process.env, BACKUP_PROCESS: JSON.stringify(options) }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = await new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal ?? String(code))
    })
  })
  if (kill !== undefined && ended === 'SIGKILL') return undefined
  expect(ended).toBe('0')
  return JSON.parse(output) as BackupProcessReport
}

/** Items that a run which was killed had made durable in the catalog. */
export function durableItems(scene: BackupScene): number {
  const catalogs = join(scene.profile, 'catalogs')
  const file = existsSync(catalogs) ? readdirSync(catalogs).find((name) => name.endsWith('.sqlite')) : undefined
  if (file === undefined) return 0
  const db = new Database(join(catalogs, file))
  try {
    const isMade = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'item'`).get() !== undefined
    if (!isMade) return 0
    return db.prepare<[], { n: number }>('SELECT count(*) AS n FROM item WHERE last_seq IS NULL').get()?.n ?? 0
  } finally {
    db.close()
  }
}

/** Real restic's opinion of the repository. */
export function expectSound(scene: BackupScene, readData: boolean): void {
  const args = ['-r', scene.repository, '--no-cache', 'check', ...(readData ? ['--read-data'] : [])]
  const env = { ...process.env, RESTIC_PASSWORD: PASSPHRASE }
  const { status, stdout, stderr } = spawnSync('restic', args, { env, encoding: 'utf8' })
  expect({ status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, output: '' })
}

export async function contentOf(scene: BackupScene, report: BackupProcessReport): Promise<MailState> {
  if (!isHexId(report.tree)) throw new Error('no tree')
  const tree: HexId = hexId(idBytes(report.tree))
  return storedState(await scene.open(), tree)
}
