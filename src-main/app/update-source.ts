import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { UpdateSource } from './updater.ts'

/** Only a packaged program that was told where updates are can update itself. */
export async function updateSource(): Promise<UpdateSource | undefined> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return undefined
  const { default: electronUpdater } = await import('electron-updater')
  return electronUpdater.autoUpdater
}
