import { describe, expect, it } from 'vitest'
import {
  formatPolynomial,
  isIrreducible,
  parsePolynomial,
  randomPolynomial,
} from '../../../../src-main/engine/repository/polynomial.ts'

/** Independent of the code under test: bits in arrays, and division by every polynomial of at most half the degree. */
function hasDivisor(polynomial: number): boolean {
  const degree = Math.floor(Math.log2(polynomial))
  for (let divisor = 2; Math.floor(Math.log2(divisor)) <= degree / 2; divisor++) {
    let rest = polynomial
    const size = Math.floor(Math.log2(divisor))
    for (let at = degree; at >= size; at--) if ((rest >> at) & 1) rest ^= divisor << (at - size)
    if (rest === 0) return true
  }
  return false
}

/**
 * Rabin's test for the prime degree 53, with bit arrays: x^(2^53) = x modulo the polynomial, and neither x nor x + 1
 * divides it.
 */
function passesRabin(polynomial: bigint): boolean {
  const bits = Array.from(polynomial.toString(2), Number).reverse()
  if (bits.length !== 54) return false
  const square = (value: readonly number[]): number[] => {
    const result = Array.from({ length: 107 }, () => 0)
    value.forEach((bit, at) => (result[2 * at] = bit))
    for (let at = 106; at >= 53; at--) {
      if (result[at] === 0) continue
      bits.forEach((bit, i) => (result[at - 53 + i] = (result[at - 53 + i] ?? 0) ^ bit))
    }
    return result.slice(0, 53)
  }
  let power: number[] = Array.from({ length: 53 }, (_, at) => (at === 1 ? 1 : 0))
  for (let i = 0; i < 53; i++) power = square(power)
  const isX = power.every((bit, at) => bit === (at === 1 ? 1 : 0))
  const hasRoot = bits[0] === 0 || bits.filter((bit) => bit === 1).length % 2 === 0
  return isX && !hasRoot
}

describe('a polynomial over GF(2)', () => {
  it('is called irreducible exactly if nothing divides it, up to degree 10', () => {
    for (let polynomial = 2; polynomial < 2048; polynomial++) {
      expect(isIrreducible(BigInt(polynomial)), polynomial.toString(2)).toBe(!hasDivisor(polynomial))
    }
  })

  it('is not irreducible if it is a number', () => {
    expect(isIrreducible(0n)).toBe(false)
    expect(isIrreducible(1n)).toBe(false)
  })

  it("is irreducible if it is the one of restic's document", () => {
    const polynomial = parsePolynomial('25b468838dcb75')
    expect(polynomial !== undefined && isIrreducible(polynomial) && passesRabin(polynomial)).toBe(true)
  })

  it('is of degree 53 and irreducible when it is chosen at random', () => {
    const chosen = Array.from({ length: 20 }, () => randomPolynomial())
    expect(chosen.every(passesRabin)).toBe(true)
    expect(new Set(chosen).size).toBe(20)
  })

  it('is chosen from the random bytes, whatever they are', () => {
    let last = 0
    const polynomial = randomPolynomial((size) => new Uint8Array(size).fill(last++))
    expect(passesRabin(polynomial)).toBe(true)
    expect(last).toBeGreaterThan(1)
  })

  it('is written in hex and read again', () => {
    expect(formatPolynomial(0x25b468838dcb75n)).toBe('25b468838dcb75')
    expect(parsePolynomial('25B468838dcb75')).toBe(0x25b468838dcb75n)
    for (const text of ['', '0x25', 'g', '12345678901234567', '-1', ' 1']) expect(parsePolynomial(text)).toBeUndefined()
  })
})
