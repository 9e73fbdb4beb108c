/** '#' is kept free for parts of long values. */
const allowed = /^[\p{L}\p{N}._@/-]{1,200}$/u

/** Throws on a name that no caller may make up. */
export function checkedName(name: string): string {
  if (!allowed.test(name)) throw new RangeError('not a name for a secret')
  return name
}
