/** What of an access token's claims is used here. */
interface Claims {
  readonly roles?: unknown
  readonly scp?: unknown
  readonly tid?: unknown
}

/**
 * What an access token says of itself; undefined for one that says nothing, as those of personal accounts. It is not
 * verified here: it is ours, and Graph has the last word.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function claimsOf(token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? claims : undefined
  } catch {
    return undefined
  }
}

/** The id of the directory that the token is for, lower case; undefined if it does not say. */
export function directoryIn(token: string): string | undefined {
  const tid = claimsOf(token)?.tid
  return typeof tid === 'string' && tid !== '' ? tid.toLowerCase() : undefined
}
