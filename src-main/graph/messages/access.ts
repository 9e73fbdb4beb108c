/** Teams counts per tenant. */
export const teamsPool = { kind: 'teams' } as const

/** Members of enumerations that came later by their names, "systemEventMessage" among them. */
export const laterNames = 'include-unknown-enum-members'
