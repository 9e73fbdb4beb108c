import { randomBytes } from 'node:crypto'

/** A polynomial over GF(2): bit n is the coefficient of x^n. */
export type Polynomial = bigint

const DEGREE = 53
const X = 2n

/**
 * A random irreducible polynomial of degree 53, as restic keeps one in every repository's config for its chunker and
 * demands when it opens the repository. https://restic.readthedocs.io/en/stable/100_references.html#backups-and-deduplication
 */
export function randomPolynomial(random: (size: number) => Uint8Array = randomBytes): Polynomial {
  for (;;) {
    const bits = BigInt(`0x${Buffer.from(random(8)).toString('hex')}`)
    const candidate = BigInt.asUintN(DEGREE, bits) | (1n << BigInt(DEGREE)) | 1n
    if (isIrreducible(candidate)) return candidate
  }
}

/**
 * Whether the polynomial has no divisor but itself and 1, by Ben-Or's test: no x^(2^i) - x with i up to half the
 * degree, which is the product of all irreducible polynomials whose degree divides i, has a factor in common with it.
 */
export function isIrreducible(polynomial: Polynomial): boolean {
  const degree = degreeOf(polynomial)
  if (degree < 1) return false
  let power = modulo(X, polynomial)
  for (let i = 1; i <= degree >> 1; i++) {
    power = multiply(power, power, polynomial)
    if (greatestCommonDivisor(polynomial, power ^ modulo(X, polynomial)) !== 1n) return false
  }
  return true
}

/** The coefficients in hex, as the config has them; undefined if the text is none. */
export function parsePolynomial(text: string): Polynomial | undefined {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined
}

export function formatPolynomial(polynomial: Polynomial): string {
  return polynomial.toString(16)
}

/** -1 for the zero polynomial. */
function degreeOf(polynomial: Polynomial): number {
  return polynomial === 0n ? -1 : polynomial.toString(2).length - 1
}

function modulo(polynomial: Polynomial, divisor: Polynomial): Polynomial {
  const degree = degreeOf(divisor)
  let rest = polynomial
  for (let excess = degreeOf(rest) - degree; excess >= 0; excess = degreeOf(rest) - degree) {
    rest ^= divisor << BigInt(excess)
  }
  return rest
}

function multiply(a: Polynomial, b: Polynomial, divisor: Polynomial): Polynomial {
  let product = 0n
  for (let bits = b, shifted = a; bits !== 0n; bits >>= 1n, shifted <<= 1n) {
    if ((bits & 1n) === 1n) product ^= shifted
  }
  return modulo(product, divisor)
}

function greatestCommonDivisor(a: Polynomial, b: Polynomial): Polynomial {
  let [left, right] = [a, b]
  while (right !== 0n) [left, right] = [right, modulo(left, right)]
  return left
}
