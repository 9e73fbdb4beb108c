/** What is wrong with a value. */
export interface Finding {
  /** Type and property it is about: `microsoft.graph.identity.email`. */
  readonly about: string
  /** Where it stands: `message.from.emailAddress`. */
  readonly place: string
  readonly kind:
    | 'undeclared'
    | 'null'
    | 'shape'
    | 'enum'
    | 'format'
    | 'missing'
    | 'annotation'
    | 'unknown-type'
    | 'not-expanded'
    | 'not-selected'
  /** What to add to the place to make a sentence. */
  readonly says: string
}

/** Collects what a check finds. */
export interface Sink {
  /** Names that `$expand` asked for, lower case; undefined: navigation properties are fine anywhere. */
  readonly expanded?: ReadonlySet<string> | undefined
  /** Names of properties may differ in case, as those of Outlook's action parameters do. */
  readonly anyCase?: boolean
  add(finding: Finding): void
}

export const sentence = ({ place, says }: Finding): string => `${place} ${says}`
