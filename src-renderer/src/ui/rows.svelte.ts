import { tick, untrack } from 'svelte'
import { RowSlots, type SlottedRow } from './row-slots.ts'
import { rowAfterKey, rowWindow, scrollTopFor, type RowWindow } from './row-window.ts'
import type { Selection } from './selection.svelte.ts'

export interface RowsSource {
  readonly count: number
  readonly rowHeight: number
  readonly active: number
  readonly selection: Selection | undefined
  readonly activate: (index: number) => void
  readonly open: (index: number) => void
}

/** What lists and tables of any length share: the rows in sight, the row that has the keyboard, and the selection. */
export class Rows {
  readonly #source: () => RowsSource
  #scroller: HTMLElement | undefined
  readonly #slots = new RowSlots()
  #anchor: number | undefined
  #scrollTop = $state(0)
  #viewport = $state(0)

  readonly window: RowWindow = $derived.by(() => rowWindow(this.#view()))
  /** The active row is drawn wherever it is, or the keyboard would be lost with it. */
  readonly drawn: readonly number[] = $derived.by(() => this.#drawn())
  /** The same rows, for elements that are used again. */
  readonly slotted: readonly SlottedRow[] = $derived.by(() => this.#slots.assign(this.drawn))
  /** The one row that Tab leads to. */
  readonly tabStop: number = $derived.by(() => this.#tabStop())

  constructor(source: () => RowsSource) {
    this.#source = source
  }

  /** An attachment for the element that scrolls. */
  readonly attach = (scroller: HTMLElement): (() => void) => {
    this.#scroller = scroller
    let isNew = true
    const measure = new ResizeObserver(() => {
      this.#viewport = scroller.clientHeight
      this.#scrollTop = scroller.scrollTop
      if (isNew) this.#showActive()
      isNew = false
    })
    const onscroll = (): void => {
      this.#scrollTop = scroller.scrollTop
    }
    measure.observe(scroller)
    scroller.addEventListener('scroll', onscroll, { passive: true })
    return () => {
      measure.disconnect()
      scroller.removeEventListener('scroll', onscroll)
    }
  }

  /**
   * For `slotted` rows, when their component begins: an element that is moved, or shows another row now, loses the keyboard
   * or takes it along. It stays with the row.
   */
  keepFocus(): void {
    let before: number | undefined
    $effect.pre(() => {
      before = this.drawn.length === 0 ? undefined : this.#focused()
    })
    $effect(() => {
      const { drawn } = this
      const row = before
      before = undefined
      if (row !== undefined && row !== this.#focused())
        this.#focus(drawn.includes(row) ? row : untrack(() => this.tabStop))
    })
  }

  /** The row that has the keyboard, itself or in a control of its own. */
  #focused(): number | undefined {
    const row = document.activeElement?.closest('[data-row]')
    return row instanceof HTMLElement && this.#scroller?.contains(row) === true ? Number(row.dataset.row) : undefined
  }

  #focus(index: number): void {
    this.#scroller?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true })
  }

  /** A list that comes back, in another layout for instance, shows what was looked at. */
  #showActive(): void {
    const { active, count } = this.#source()
    if (active >= 0 && active < count) this.scrollTo(active)
  }

  scrollTo(index: number): void {
    if (this.#scroller === undefined) return
    this.#scroller.scrollTop = scrollTopFor(this.#view(), index)
    this.#scrollTop = this.#scroller.scrollTop
  }

  readonly onclick = (event: MouseEvent, index: number): void => {
    const { selection } = this.#source()
    if (selection !== undefined && event.shiftKey) selection.extend(this.#anchor ?? index, index)
    else if (selection !== undefined && (event.ctrlKey || event.metaKey)) this.toggle(index)
    else this.#anchor = index
    this.moveTo(index)
  }

  readonly ondblclick = (index: number): void => this.#source().open(index)

  toggle(index: number): void {
    this.#source().selection?.toggle(index)
    this.#anchor = index
  }

  readonly onkeydown = (event: KeyboardEvent): void => {
    // A control inside a row, a sort button in the head: theirs, not the list's.
    if (!(event.target instanceof HTMLElement) || event.target.dataset.row === undefined) return
    if (this.#command(event)) event.preventDefault()
  }

  #command(event: KeyboardEvent): boolean {
    const { count, selection, open } = this.#source()
    const index = this.tabStop
    if (event.key === 'Enter') open(index)
    else if (event.key === ' ' && selection !== undefined) this.toggle(index)
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selection !== undefined) selection.all(count)
    else return this.#moveByKey(event, index)
    return true
  }

  #moveByKey(event: KeyboardEvent, index: number): boolean {
    const { count, rowHeight, active, selection } = this.#source()
    const page = Math.max(1, Math.floor(this.#viewport / rowHeight) - 1)
    const target = rowAfterKey(event.key, active < 0 ? index : active, count, page)
    if (target === undefined) return false
    if (event.shiftKey && selection !== undefined) selection.extend((this.#anchor ??= index), target)
    else this.#anchor = target
    this.moveTo(target)
    return true
  }

  /** Gives a row the keyboard. */
  moveTo(index: number): void {
    this.#source().activate(index)
    this.scrollTo(index)
    void tick().then(() => this.#focus(index))
  }

  #view(): { count: number; rowHeight: number; viewport: number; scrollTop: number } {
    const { count, rowHeight } = this.#source()
    return { count, rowHeight, viewport: this.#viewport, scrollTop: this.#scrollTop }
  }

  #drawn(): readonly number[] {
    const { from, to } = this.window
    const indexes = Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place)
    const { active, count } = this.#source()
    const hidden = active >= 0 && active < count && (active < from || active >= to)
    return hidden ? [...indexes, active] : indexes
  }

  #tabStop(): number {
    const { active, count } = this.#source()
    if (active >= 0 && active < count) return active
    return Math.min(Math.max(0, this.window.from), Math.max(0, count - 1))
  }
}
