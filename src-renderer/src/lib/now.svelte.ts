/** The time that "2 hours ago" is counted from: shown anew every half minute. */
class Now {
  #value = $state(Date.now())

  get value(): number {
    return this.#value
  }

  /** Goes on while a component shows it; call it while one is set up. */
  use(): void {
    // Outside: the clock.
    $effect(() => {
      this.#value = Date.now()
      const timer = setInterval(() => (this.#value = Date.now()), 30_000)
      return () => clearInterval(timer)
    })
  }
}

export const now = new Now()
