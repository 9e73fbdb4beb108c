import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hiddenArgument } from './autostart.ts'

/** What the program was started with. */
export interface Launch {
  readonly profile: string
  /** Started with `--hidden`, as at login: behind the tray icon. */
  readonly hidden: boolean
}

/** Reads `--profile <folder>` (or Electron's own `--user-data-dir`), with a space or `=`, and `--hidden`. */
export function readLaunch(args: readonly string[], usualProfile: string): Launch {
  const given = valueOf(args, '--profile') ?? valueOf(args, '--user-data-dir')
  return {
    profile: given === undefined || given === '' ? usualProfile : resolve(given),
    hidden: args.includes(hiddenArgument),
  }
}

/** Part of Electron's `app`. */
interface LoginItems {
  getLoginItemSettings(): { readonly wasOpenedAtLogin: boolean }
}

/** Whether the window waits behind the tray icon. A start at login takes no arguments on macOS: there Electron is asked. */
export function isHidden(
  { hidden }: Launch,
  platform: NodeJS.Platform,
  { startHidden }: { readonly startHidden: boolean },
  app: LoginItems,
): boolean {
  return hidden || (platform === 'darwin' && startHidden && app.getLoginItemSettings().wasOpenedAtLogin)
}

function valueOf(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`))
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1)
}

/** Home page of the project in package.json; undefined if there is none. */
export function readHomepage(root: string): string | undefined {
  const fields = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly homepage?: unknown }
  return typeof fields.homepage === 'string' ? fields.homepage : undefined
}
