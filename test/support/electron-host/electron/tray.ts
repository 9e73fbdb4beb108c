import { EventEmitter } from 'node:events'
import type { NativeImage, Rectangle, Tray } from 'electron'
import type { RecordedTray } from '../control/recorded.ts'
import { host } from './app-link.ts'
import { createEvent } from './event.ts'
import type { StandInMenu } from './menu.ts'
import { imageOf, type StandInImage } from './native-image.ts'
import { changed, contribute } from './recorder.ts'

const trays: StandInTray[] = []
const bounds: Rectangle = { x: 1000, y: 0, width: 22, height: 22 }

export class StandInTray extends EventEmitter {
  readonly #id = trays.length
  #image: StandInImage
  #toolTip = ''
  #title = ''
  #menu: StandInMenu | undefined
  #destroyed = false

  constructor(image: NativeImage | StandInImage | string) {
    super()
    this.#image = imageOf(image)
    trays.push(this)
    changed()
  }

  setImage = (image: NativeImage | StandInImage | string): void => this.#set(() => (this.#image = imageOf(image)))
  setPressedImage = (): void => undefined
  setToolTip = (toolTip: string): void => this.#set(() => (this.#toolTip = toolTip))
  setTitle = (title: string): void => this.#set(() => (this.#title = title))
  getTitle = (): string => this.#title
  setIgnoreDoubleClickEvents = (): void => undefined
  setContextMenu = (menu: StandInMenu | null): void => this.#set(() => (this.#menu = menu ?? undefined))
  popUpContextMenu = (): void => undefined
  closeContextMenu = (): void => undefined
  displayBalloon = (): void => undefined
  getBounds = (): Rectangle => bounds
  isDestroyed = (): boolean => this.#destroyed
  destroy = (): void => this.#set(() => (this.#destroyed = true))

  clickBy(event: string): void {
    this.emit(event, createEvent(), bounds, { x: bounds.x, y: bounds.y })
  }

  clickMenu(path: readonly string[]): void {
    if (this.#menu === undefined) throw new Error('the tray has no menu')
    this.#menu.clickPath(path)
  }

  recorded(): RecordedTray {
    const [image, menu] = [this.#image.recorded(), this.#menu?.recorded()]
    return { id: this.#id, image, toolTip: this.#toolTip, title: this.#title, menu, destroyed: this.#destroyed }
  }

  #set(change: () => void): void {
    if (this.#destroyed) throw new Error('Tray is destroyed')
    change()
    changed()
  }
}

type Offered = Exclude<keyof StandInTray, keyof EventEmitter | 'clickBy' | 'clickMenu' | 'recorded' | 'setContextMenu'>
StandInTray satisfies new (image: string) => Pick<Tray, Offered>

function lastTray(): StandInTray {
  const tray = trays.findLast((each) => !each.isDestroyed())
  if (tray === undefined) throw new Error('the app has no tray')
  return tray
}

contribute('trays', () => trays.map((tray) => tray.recorded()))
host.answer('control.tray-click', ({ event }) => lastTray().clickBy(event))
host.answer('control.tray-menu', ({ path }) => lastTray().clickMenu(path))
