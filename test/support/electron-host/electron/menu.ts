import { EventEmitter } from 'node:events'
import type { Menu, MenuItem, MenuItemConstructorOptions } from 'electron'
import type { RecordedMenuItem } from '../control/recorded.ts'
import { host } from './app-link.ts'
import { app } from './app.ts'
import { createEvent } from './event.ts'
import { focusedWindow } from './focus.ts'
import { changed, contribute } from './recorder.ts'

/** Labels that Electron gives to roles. */
const roleLabels: Readonly<Record<string, string>> = {
  quit: 'Quit',
  close: 'Close Window',
  minimize: 'Minimize',
  copy: 'Copy',
  cut: 'Cut',
  paste: 'Paste',
  selectall: 'Select All',
  undo: 'Undo',
  redo: 'Redo',
  reload: 'Reload',
  about: 'About',
  hide: 'Hide',
  togglefullscreen: 'Toggle Full Screen',
  toggledevtools: 'Toggle Developer Tools',
  zoomin: 'Zoom In',
  zoomout: 'Zoom Out',
  resetzoom: 'Actual Size',
  editmenu: 'Edit',
  filemenu: 'File',
  viewmenu: 'View',
  windowmenu: 'Window',
}

export interface ItemOptions extends Omit<MenuItemConstructorOptions, 'submenu'> {
  readonly submenu?: StandInMenu
}

/** Electron's `click`, on stand-ins. */
type Click = (item: StandInMenuItem, window: unknown, event: object) => void

export class StandInMenuItem {
  readonly role: MenuItemConstructorOptions['role']
  readonly type: MenuItem['type']
  readonly submenu: StandInMenu | undefined
  readonly id: string
  label: string
  sublabel: string
  toolTip: string
  enabled: boolean
  visible: boolean
  checked: boolean
  accelerator: string | null
  readonly #onClick: Click | undefined

  constructor(options: ItemOptions) {
    this.role = options.role
    this.submenu = options.submenu
    this.type = options.type ?? (options.submenu === undefined ? 'normal' : 'submenu')
    this.id = options.id ?? ''
    this.label = options.label ?? roleLabels[options.role?.toLowerCase() ?? ''] ?? ''
    this.sublabel = options.sublabel ?? ''
    this.toolTip = options.toolTip ?? ''
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.accelerator = options.accelerator ?? null
    this.#onClick = options.click as Click | undefined
  }

  /** As somebody clicks it, in the window that has the focus. */
  click = (window?: unknown): void => {
    if (!this.enabled) throw new Error(`the menu item is disabled: ${this.label}`)
    if (!this.visible) throw new Error(`the menu item is hidden: ${this.label}`)
    if (this.type === 'checkbox') this.checked = !this.checked
    if (this.type === 'radio') this.checked = true
    this.#onClick?.(this, window, {})
  }

  recorded(): RecordedMenuItem {
    const { id, label, role, type, enabled, checked, visible } = this
    const [accelerator, submenu] = [this.accelerator ?? undefined, this.submenu?.recorded() ?? []]
    return { id, label, role, type, enabled, checked, visible, accelerator, submenu }
  }
}

type Template = readonly (MenuItemConstructorOptions | StandInMenuItem)[]

let applicationMenu: StandInMenu | null = null

export class StandInMenu extends EventEmitter {
  readonly items: StandInMenuItem[] = []

  static readonly buildFromTemplate = (template: Template): StandInMenu => {
    const menu = new StandInMenu()
    for (const options of template) menu.append(options instanceof StandInMenuItem ? options : build(options))
    return menu
  }

  static readonly setApplicationMenu = (menu: StandInMenu | null): void => {
    applicationMenu = menu
    changed()
  }

  static readonly getApplicationMenu = (): StandInMenu | null => applicationMenu

  append(item: StandInMenuItem): void {
    this.items.push(item)
  }

  insert(at: number, item: StandInMenuItem): void {
    this.items.splice(at, 0, item)
  }

  getMenuItemById(id: string): StandInMenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null)
      if (found !== null) return found
    }
    return null
  }

  /** Recorded nowhere: a test clicks `items` of what it knows. */
  popup(): void {
    this.emit('menu-will-show', createEvent())
  }

  closePopup(): void {
    this.emit('menu-will-close', createEvent())
  }

  /** Clicks the item that the labels (or ids) lead to. */
  clickPath([first, ...rest]: readonly string[]): void {
    const item = this.items.find(({ label, id }) => first !== undefined && (label === first || id === first))
    if (item === undefined) throw new Error(`the menu has no item ${first ?? ''}: ${this.labels()}`)
    if (rest.length > 0 && item.submenu !== undefined) item.submenu.clickPath(rest)
    else this.#click(item)
    changed()
  }

  recorded(): readonly RecordedMenuItem[] {
    return this.items.map((item) => item.recorded())
  }

  labels(): string {
    return this.items.map(({ label }) => label).join(', ')
  }

  #click(item: StandInMenuItem): void {
    if (item.type === 'radio') for (const other of this.items) if (other.type === 'radio') other.checked = false
    item.click(focusedWindow())
    if (item.role !== undefined) act(item.role)
  }
}

StandInMenu satisfies Record<
  'buildFromTemplate',
  (template: MenuItemConstructorOptions[]) => Pick<Menu, 'popup' | 'closePopup'>
>

function build(options: MenuItemConstructorOptions): StandInMenuItem {
  const { submenu, ...rest } = options
  if (submenu === undefined) return new StandInMenuItem(rest)
  const menu = Array.isArray(submenu) ? StandInMenu.buildFromTemplate(submenu) : (submenu as unknown as StandInMenu)
  return new StandInMenuItem({ ...rest, submenu: menu })
}

/** Of the roles, those that reach beyond the page's own editing. */
function act(role: string): void {
  const window = focusedWindow()
  if (role === 'quit') app.quit()
  else if (role === 'close') window?.close()
  else if (role === 'minimize') window?.minimize()
  else if (role === 'reload') window?.reload()
}

contribute('applicationMenu', () => applicationMenu?.recorded())
host.answer('control.menu', ({ path }) => {
  if (applicationMenu === null) throw new Error('the app has no menu')
  applicationMenu.clickPath(path)
})
