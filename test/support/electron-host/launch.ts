import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { electronProgram } from '../../../scripts/electron-files.ts'
import { chromiumPath } from './browser/chromium.ts'
import type { AppDriver, LaunchOptions } from './driver.ts'
import { ElectronDriver } from './electron-driver.ts'
import { StandInDriver } from './stand-in-driver.ts'
import { electronVersion } from './version.ts'

export type { AppDriver, LaunchOptions } from './driver.ts'
export type { Recorded } from './control/recorded.ts'

const root = join(import.meta.dirname, '../../..')

/** What tests run on: 'electron 45.x', or 'stand-in on Chromium 1xx'. */
export async function hostName(): Promise<string> {
  if (electronProgram() !== undefined) return `electron ${electronVersion}`
  const { stdout } = await promisify(execFile)(chromiumPath, ['--version'])
  return `stand-in on Chromium ${/[\d.]+/.exec(stdout)?.[0] ?? '(unknown)'}`
}

/** The main process as it is built: `main` of package.json. */
function builtMain(): string {
  const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly main?: string }
  return join(root, main ?? 'out/main/main.js')
}

/**
 * Starts the app: on Electron where its program is there, otherwise on the stand-in. Resolves once the app is ready, or
 * has ended without getting so far (a second instance). Whoever starts it closes or kills it.
 */
export async function launchApp(options: LaunchOptions): Promise<AppDriver> {
  const main = options.main ?? builtMain()
  if (!existsSync(main)) throw new Error(`the app is not built: there is no ${main}`)
  const electron = electronProgram()
  if (electron !== undefined) return await ElectronDriver.launch(options, main, electron)
  const driver = new StandInDriver(options, main)
  await driver.started()
  return driver
}
