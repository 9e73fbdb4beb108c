import type { MenuItemConstructorOptions } from 'electron'
import type { Link } from './external-links.ts'
import type { Navigation } from './notifications.ts'
import { texts } from './texts.ts'

export interface MenuActions {
  readonly go: (to: Navigation) => void
  readonly openLink: (link: Link) => void
  readonly checkForUpdates: () => void
  readonly quit: () => void
}

export interface MenuParts {
  readonly platform: NodeJS.Platform
  readonly isPackaged: boolean
  /** Pages that there are. */
  readonly links: readonly Link[]
  readonly actions: MenuActions
}

/** The application menu: hidden behind Alt on Windows and Linux, at the top of the screen on macOS. */
export function applicationMenu({ platform, isPackaged, links, actions }: MenuParts): MenuItemConstructorOptions[] {
  const { menu } = texts
  const isMac = platform === 'darwin'
  const settings: MenuItemConstructorOptions = {
    label: menu.settings,
    accelerator: 'CommandOrControl+,',
    click: () => actions.go({ view: 'settings' }),
  }
  const quit: MenuItemConstructorOptions = {
    label: texts.tray.quit,
    accelerator: 'CommandOrControl+Q',
    click: actions.quit,
  }
  return [
    ...(isMac ? [macMenu(settings, quit, actions)] : []),
    {
      label: menu.file,
      submenu: [
        { label: menu.newPlan, click: () => actions.go({ view: 'wizard' }) },
        { label: menu.restore, click: () => actions.go({ view: 'browse' }) },
        ...(isMac ? [] : [{ type: 'separator' } as const, settings]),
        { type: 'separator' },
        { role: 'close' },
        ...(isMac ? [] : [quit]),
      ],
    },
    { label: menu.edit, role: 'editMenu' },
    viewMenu(isPackaged),
    { label: menu.window, role: 'windowMenu' },
    helpMenu(links, actions),
  ]
}

function macMenu(
  settings: MenuItemConstructorOptions,
  quit: MenuItemConstructorOptions,
  actions: MenuActions,
): MenuItemConstructorOptions {
  return {
    label: texts.name,
    submenu: [
      { label: texts.menu.about, click: () => actions.go({ view: 'about' }) },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit,
    ],
  }
}

function viewMenu(isPackaged: boolean): MenuItemConstructorOptions {
  const development: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }]
  return {
    label: texts.menu.view,
    submenu: [
      ...development,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
}

function helpMenu(links: readonly Link[], actions: MenuActions): MenuItemConstructorOptions {
  const { menu } = texts
  return {
    label: menu.help,
    role: 'help',
    submenu: [
      ...(links.includes('help') ? [{ label: menu.instructions, click: () => actions.openLink('help') }] : []),
      { label: menu.resticHelp, click: () => actions.openLink('restic') },
      { label: menu.checkForUpdates, click: actions.checkForUpdates },
      { type: 'separator' },
      { label: menu.about, click: () => actions.go({ view: 'about' }) },
    ],
  }
}
