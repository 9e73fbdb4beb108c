/** Where something goes among its neighbours; told once the service has put it there. */
export interface Placement {
  /** "<hint before> <hint behind>!" */
  readonly hint: string
  readonly settle: (value: string | undefined) => void
}

interface Entry {
  readonly source: string
  target: string
}

/**
 * Keeps the order of restored things. The hints of the source mean nothing in another plan, but their order does: each
 * thing is put between those of its list that stood before and behind it.
 *
 * A hint is only right next to hints that the service made itself, so placing and sending go one after the other.
 * https://learn.microsoft.com/graph/api/resources/planner-order-hint-format
 */
export class OrderHints {
  readonly #lists = new Map<string, Entry[]>()
  readonly #isSameScale: boolean
  #busy: Promise<unknown> = Promise.resolve()

  /** `isSameScale`: the target is the plan of the source itself, where its hints are still right. */
  constructor(isSameScale: boolean) {
    this.#isSameScale = isSameScale
  }

  place(list: string, source: string): Placement {
    if (this.#isSameScale) return { hint: `${source} !`, settle: () => undefined }
    const entries = this.#list(list)
    const at = behind(entries, source)
    const hint = `${entries[at - 1]?.target ?? ''} ${entries[at]?.target ?? ''}!`
    return {
      hint,
      settle: (value) => {
        if (value !== undefined) this.seed(list, source, value)
      },
    }
  }

  /** Something of the source is in the target already. */
  seed(list: string, source: string, target: string): void {
    const entries = this.#list(list)
    entries.splice(behind(entries, source), 0, { source, target })
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#busy.then(work, work)
    this.#busy = mine
    return await mine
  }

  #list(name: string): Entry[] {
    const known = this.#lists.get(name)
    if (known !== undefined) return known
    const entries: Entry[] = []
    this.#lists.set(name, entries)
    return entries
  }
}

function behind(entries: readonly Entry[], source: string): number {
  const at = entries.findIndex((entry) => entry.source > source)
  return at < 0 ? entries.length : at
}

/**
 * Hints for things that go into an empty list by one request, each in front of the one behind it; in this order they
 * are right whether the service takes them together or one after the other.
 */
export function hintsFromTheEnd<T>(inOrder: readonly T[]): readonly (readonly [T, string])[] {
  const placed: (readonly [T, string])[] = []
  let hint = ' !'
  for (const one of inOrder.toReversed()) {
    placed.push([one, hint])
    hint = ` ${hint}!`
  }
  return placed
}
