/** What Electron hands to listeners first: an event that can be prevented. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** An event with `fields` of its own; `preventDefault` is heard by whoever emits it. */
export function createEvent<Fields extends object>(fields: Fields): Fields & PreventableEvent
export function createEvent(): PreventableEvent
export function createEvent(fields: object = {}): PreventableEvent {
  let prevented = false
  return Object.defineProperty({ ...fields, preventDefault: () => void (prevented = true) }, 'defaultPrevented', {
    get: () => prevented,
  }) as PreventableEvent
}
