import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from 'electron'
import { texts } from './texts.ts'

/** Tells a start at login from one by hand. */
export const hiddenArgument = '--hidden'

export interface AutostartParts {
  readonly platform: NodeJS.Platform
  readonly isPackaged: boolean
  readonly setLoginItemSettings: (settings: Settings) => void
  /** What is started on Linux: the AppImage, where the program runs from one. */
  readonly executable: string
  /** XDG_CONFIG_HOME, or ~/.config. */
  readonly configFolder: string
}

/** Starts the program at login, or no more. Nothing happens in a checkout: it would start Electron without a program. */
export async function setAutostart(parts: AutostartParts, wanted: boolean, hidden: boolean): Promise<void> {
  if (!parts.isPackaged) return
  const args = hidden ? [hiddenArgument] : []
  if (parts.platform === 'linux') await setDesktopEntry(parts, wanted, args)
  else if (parts.platform === 'win32') parts.setLoginItemSettings({ openAtLogin: wanted, args })
  // macOS passes no arguments: `isHidden` asks it how the program was started.
  else parts.setLoginItemSettings({ openAtLogin: wanted })
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
async function setDesktopEntry(parts: AutostartParts, wanted: boolean, args: readonly string[]): Promise<void> {
  const folder = join(parts.configFolder, 'autostart')
  const path = join(folder, 'holdfast.desktop')
  if (!wanted) {
    await rm(path, { force: true })
    return
  }
  await mkdir(folder, { recursive: true })
  await writeFile(path, desktopEntry(parts.executable, args))
}

function desktopEntry(executable: string, args: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${texts.name}`,
    `Comment=${texts.autostart.comment}`,
    `Exec=${[quoted(executable), ...args].join(' ')}`,
    'Icon=holdfast',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** As the Exec key wants it: quotes around, reserved characters behind a backslash that is itself doubled in a value. */
function quoted(path: string): string {
  return `"${path
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`
}
