import { EventEmitter } from 'node:events'
import type { Notification, NotificationAction, NotificationConstructorOptions } from 'electron'
import type { RecordedNotification } from '../control/recorded.ts'
import { host } from './app-link.ts'
import { createEvent } from './event.ts'
import { changed, contribute } from './recorder.ts'

const notifications: StandInNotification[] = []

export class StandInNotification extends EventEmitter {
  title: string
  subtitle: string
  body: string
  silent: boolean
  urgency: NotificationConstructorOptions['urgency']
  actions: NotificationAction[]
  readonly #number = notifications.length
  #shown = false
  #closed = false

  static readonly isSupported = (): boolean => true

  constructor(options: NotificationConstructorOptions = {}) {
    super()
    this.title = options.title ?? ''
    this.subtitle = options.subtitle ?? ''
    this.body = options.body ?? ''
    this.silent = options.silent ?? false
    this.urgency = options.urgency
    this.actions = options.actions ?? []
    notifications.push(this)
  }

  show = (): void => {
    this.#shown = true
    this.emit('show', createEvent())
    changed()
  }

  close = (): void => {
    if (!this.#shown || this.#closed) return
    this.#closed = true
    this.emit('close', createEvent({ reason: 'applicationHidden' }))
    changed()
  }

  /** What somebody does to it once it is on the screen. */
  act(what: 'click' | 'close' | { readonly action: number }): void {
    if (!this.#shown || this.#closed) throw new Error(`the notification is not on the screen: ${this.title}`)
    if (what === 'close') this.#dismiss()
    else if (what === 'click') this.emit('click', createEvent())
    else this.#choose(what.action)
    changed()
  }

  recorded(): RecordedNotification {
    const { title, body, silent, urgency } = this
    const actions = this.actions.map(({ text }) => text ?? '')
    return { number: this.#number, title, body, silent, urgency, actions, shown: this.#shown, closed: this.#closed }
  }

  #dismiss(): void {
    this.#closed = true
    this.emit('close', createEvent({ reason: 'userCanceled' }))
  }

  #choose(actionIndex: number): void {
    if (this.actions[actionIndex] === undefined)
      throw new Error(`the notification has no action ${String(actionIndex)}`)
    this.emit('action', createEvent({ actionIndex, selectionIndex: -1 }), actionIndex, -1)
  }
}

type Offered = Exclude<keyof StandInNotification, keyof EventEmitter | 'act' | 'recorded' | 'urgency'>
StandInNotification satisfies new (options: NotificationConstructorOptions) => Pick<Notification, Offered>

contribute('notifications', () => notifications.map((notification) => notification.recorded()))
host.answer('control.notification', ({ number, what }) => {
  const notification = notifications[number]
  if (notification === undefined) throw new Error(`there is no notification ${String(number)}`)
  notification.act(what)
})
