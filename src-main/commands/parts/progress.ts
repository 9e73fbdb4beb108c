import type { Output } from './output.ts'
import { progressLine, progressObject, type ProgressState } from './progress-line.ts'

/** Between two showings: at most ten a second. */
const EVERY = 100
const LOOK = EVERY / 2
/** The time goes on even if nothing else does. */
const IDLE = 1_000

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80

export interface ProgressPlace {
  readonly output: Output
  readonly now: () => number
  /** The terminal that shows it; undefined if standard error is none. */
  readonly terminal: { readonly columns: number } | undefined
}

export interface Progress {
  /** Cheap: to be told as often as something happens. The state is asked for when it is to be shown. */
  update(state: () => ProgressState): void
  /** Clears the line; no more is shown until the next update. */
  stop(): void
}

/** Shows progress: a line on a terminal, status objects with --json, nothing with --quiet. */
export function createProgress(place: ProgressPlace): Progress {
  const { output, terminal } = place
  if (output.json) return new Ticker(place, (state, elapsed) => output.object(progressObject(state, elapsed)))
  if (output.quiet || terminal === undefined) return { update: () => undefined, stop: () => undefined }
  return lineProgress(place, terminal)
}

function lineProgress(place: ProgressPlace, terminal: { readonly columns: number }): Progress {
  const { output } = place
  let shown = false
  output.clearLine = () => {
    if (shown) output.transient('\r\x1b[K')
    shown = false
  }
  const draw = (state: ProgressState, elapsed: number): void => {
    const columns = terminal.columns > 0 ? terminal.columns : DEFAULT_COLUMNS
    // The last column stays free: some terminals break the line there.
    output.transient(`\r${progressLine(state, elapsed, columns - 1)}\x1b[K`)
    shown = true
  }
  const ticker = new Ticker(place, draw)
  return {
    update: (state) => ticker.update(state),
    stop: () => {
      ticker.stop()
      output.clearLine()
    },
  }
}

/** Shows the newest state, ten times a second while it changes and once a second otherwise. */
class Ticker implements Progress {
  readonly #now: () => number
  readonly #show: (state: ProgressState, elapsed: number) => void
  readonly #started: number
  #state: (() => ProgressState) | undefined
  #changed = false
  #shownAt = -Infinity
  #timer: NodeJS.Timeout | undefined

  constructor({ now }: ProgressPlace, show: (state: ProgressState, elapsed: number) => void) {
    this.#now = now
    this.#show = show
    this.#started = now()
  }

  update(state: () => ProgressState): void {
    this.#state = state
    this.#changed = true
    this.#timer ??= setInterval(() => this.#look(), LOOK).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const now = this.#now()
    if (this.#state === undefined || now - this.#shownAt < (this.#changed ? EVERY : IDLE)) return
    this.#changed = false
    this.#shownAt = now
    this.#show(this.#state(), now - this.#started)
  }
}
