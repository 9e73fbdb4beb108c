/** One thing that a data type does, and the permissions of which any one allows it, the least powerful first. */
export interface Need {
  /** In plain words, for people: "read mail". */
  readonly what: string
  /** Application permissions; none: Graph does not offer it to an application by itself. */
  readonly application: readonly string[]
  /** Permissions of a signed-in person; none: not offered to people. */
  readonly delegated: readonly string[]
}

/** What a data type needs. Source: the permission tables of Graph's reference. */
export interface TypePermissions {
  readonly backUp: readonly Need[]
  readonly restore: readonly Need[]
}

/** The same names for applications (which end in .All where there are others) and for people. */
export function need(what: string, application: readonly string[], delegated: readonly string[] = application): Need {
  return { what, application, delegated }
}
