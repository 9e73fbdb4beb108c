/** The command line cannot be carried out as it was given. The message is a sentence for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
