/** Longer than any sensible value that is no secret. */
const SHORTEST = 4

/** The text with what must not be shown replaced. */
export function hidden(text: string, secrets: Iterable<string>): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= SHORTEST) clean = clean.replaceAll(secret, '***')
  return clean
}
