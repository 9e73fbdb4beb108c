// What main finds under 'electron'. Each module is held to electron.d.ts where it is written.
import './decide-request.ts'
import { host } from './app-link.ts'
import { session } from './session.ts'
import { StandInNet } from './net.ts'

export { app } from './app.ts'
export { StandInWindow as BrowserWindow } from './browser-window.ts'
export { clipboard } from './clipboard.ts'
export { dialog } from './dialog.ts'
export { ipcMain } from './ipc-main.ts'
export { StandInMenu as Menu, StandInMenuItem as MenuItem } from './menu.ts'
export { nativeImage } from './native-image.ts'
export { nativeTheme } from './native-theme.ts'
export { StandInNotification as Notification } from './notification.ts'
export { powerMonitor, powerSaveBlocker } from './power.ts'
export { screen } from './screen.ts'
export { protocol, session } from './session.ts'
export { shell } from './shell.ts'
export { crashReporter, safeStorage, systemPreferences } from './small-modules.ts'
export { StandInTray as Tray } from './tray.ts'
export { utilityProcess } from './utility-process.ts'
export { webContents } from './web-contents.ts'

export const net = new StandInNet(async (request) => {
  const handler = session.defaultSession.protocol.handlerOf(request.url)
  if (handler === undefined) throw new Error('net::ERR_UNKNOWN_URL_SCHEME')
  return await handler(request)
})

host.answer('control.online', ({ online }) => void (net.online = online))
