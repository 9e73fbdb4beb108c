import { join } from 'node:path'
import { Menu, nativeTheme, Tray } from 'electron'
import { trayImage, TrayView, type TrayActions } from './tray.ts'

export interface SystemTrayParts {
  readonly folder: string
  readonly platform: NodeJS.Platform
  readonly now: () => number
  readonly actions: TrayActions
}

/** Puts the icon beside the clock. Only once the application is ready. */
export function makeSystemTray(parts: SystemTrayParts): TrayView {
  const isDark = (): boolean => nativeTheme.shouldUseDarkColors
  const tray = new Tray(join(parts.folder, trayImage('idle', parts.platform, isDark())))
  // On macOS a click opens the menu.
  if (parts.platform !== 'darwin') tray.on('click', parts.actions.open)
  return new TrayView({
    ...parts,
    isDark,
    icon: {
      setImage: (path) => tray.setImage(path),
      setToolTip: (text) => tray.setToolTip(text),
      setMenu: (items) => tray.setContextMenu(Menu.buildFromTemplate(items)),
    },
  })
}
