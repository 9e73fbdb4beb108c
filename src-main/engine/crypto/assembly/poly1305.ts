// AssemblyScript, compiled to WebAssembly by scripts/build-poly1305.ts.
// Poly1305 (https://cr.yp.to/mac/poly1305-20050329.pdf) with five limbs of 26 bits.
//
// Memory: 0..15 r, 16..31 s, 32..47 the tag, from INPUT on the bytes to absorb.

export const INPUT: i32 = 1024
export const CAPACITY: i32 = 1 << 20

const MASK: u64 = 0x3ffffff

let r0: u64, r1: u64, r2: u64, r3: u64, r4: u64
let h0: u64, h1: u64, h2: u64, h3: u64, h4: u64

/** Takes r and s from memory; r is clamped here, whatever its bits are. */
export function start(): void {
  r0 = load<u32>(0) & 0x3ffffff
  r1 = (load<u32>(3) >> 2) & 0x3ffff03
  r2 = (load<u32>(6) >> 4) & 0x3ffc0ff
  r3 = (load<u32>(9) >> 6) & 0x3f03fff
  r4 = (load<u32>(12) >> 8) & 0x00fffff
  h0 = h1 = h2 = h3 = h4 = 0
}

/** Absorbs `length` bytes from INPUT. Only the last call of a message may have a length that is no multiple of 16. */
export function absorb(length: i32): void {
  const whole = length & ~15
  blocks(INPUT, whole, 1 << 24)
  const rest = length & 15
  if (rest == 0) return
  const last = INPUT + whole
  store<u8>(last + rest, 1)
  memory.fill(last + rest + 1, 0, 15 - rest)
  blocks(last, 16, 0)
}

/** Writes the tag of all that was absorbed since start. */
export function finish(): void {
  let c: u64 = h1 >> 26
  h1 &= MASK
  h2 += c
  c = h2 >> 26
  h2 &= MASK
  h3 += c
  c = h3 >> 26
  h3 &= MASK
  h4 += c
  c = h4 >> 26
  h4 &= MASK
  h0 += c * 5
  c = h0 >> 26
  h0 &= MASK
  h1 += c

  // h - p, kept if it is not negative
  let g0 = h0 + 5
  c = g0 >> 26
  g0 &= MASK
  let g1 = h1 + c
  c = g1 >> 26
  g1 &= MASK
  let g2 = h2 + c
  c = g2 >> 26
  g2 &= MASK
  let g3 = h3 + c
  c = g3 >> 26
  g3 &= MASK
  const g4 = h4 + c - (1 << 26)
  const keep: u64 = (g4 >> 63) - 1
  h0 = (h0 & ~keep) | (g0 & keep)
  h1 = (h1 & ~keep) | (g1 & keep)
  h2 = (h2 & ~keep) | (g2 & keep)
  h3 = (h3 & ~keep) | (g3 & keep)
  h4 = (h4 & ~keep) | (g4 & keep)

  let f: u64 = ((h0 | (h1 << 26)) & 0xffffffff) + <u64>load<u32>(16)
  store<u32>(32, <u32>f)
  f = (((h1 >> 6) | (h2 << 20)) & 0xffffffff) + <u64>load<u32>(20) + (f >> 32)
  store<u32>(36, <u32>f)
  f = (((h2 >> 12) | (h3 << 14)) & 0xffffffff) + <u64>load<u32>(24) + (f >> 32)
  store<u32>(40, <u32>f)
  f = (((h3 >> 18) | (h4 << 8)) & 0xffffffff) + <u64>load<u32>(28) + (f >> 32)
  store<u32>(44, <u32>f)
}

function blocks(from: i32, length: i32, high: u64): void {
  const s1 = r1 * 5
  const s2 = r2 * 5
  const s3 = r3 * 5
  const s4 = r4 * 5
  let a0 = h0
  let a1 = h1
  let a2 = h2
  let a3 = h3
  let a4 = h4
  const q0 = r0
  const q1 = r1
  const q2 = r2
  const q3 = r3
  const q4 = r4
  for (let at = from, end = from + length; at < end; at += 16) {
    const low = load<u64>(at)
    const top = load<u64>(at + 8)
    a0 += low & MASK
    a1 += (low >> 26) & MASK
    a2 += ((low >> 52) | (top << 12)) & MASK
    a3 += (top >> 14) & MASK
    a4 += (top >> 40) | high

    let d0 = a0 * q0 + a1 * s4 + a2 * s3 + a3 * s2 + a4 * s1
    let d1 = a0 * q1 + a1 * q0 + a2 * s4 + a3 * s3 + a4 * s2
    let d2 = a0 * q2 + a1 * q1 + a2 * q0 + a3 * s4 + a4 * s3
    let d3 = a0 * q3 + a1 * q2 + a2 * q1 + a3 * q0 + a4 * s4
    let d4 = a0 * q4 + a1 * q3 + a2 * q2 + a3 * q1 + a4 * q0

    d1 += d0 >> 26
    d2 += d1 >> 26
    d3 += d2 >> 26
    d4 += d3 >> 26
    a0 = (d0 & MASK) + (d4 >> 26) * 5
    a1 = (d1 & MASK) + (a0 >> 26)
    a0 &= MASK
    a2 = d2 & MASK
    a3 = d3 & MASK
    a4 = d4 & MASK
  }
  h0 = a0
  h1 = a1
  h2 = a2
  h3 = a3
  h4 = a4
}
