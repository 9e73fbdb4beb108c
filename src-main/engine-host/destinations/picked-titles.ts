/** What places are called that a person has picked, until somebody makes something there. */
export class PickedTitles {
  readonly #titles = new Map<string, string>()

  note(place: string, title: string): void {
    this.#titles.set(place, title)
  }

  of(place: string): string | undefined {
    return this.#titles.get(place)
  }
}
