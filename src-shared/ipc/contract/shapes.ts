import { z } from 'zod'

/** Milliseconds since 1970. */
export const moment = z.number().int()
/** A whole number, 0 or more. */
export const count = z.number().int().nonnegative()
export const bytes = z.number().nonnegative()
export const hexId = z.string().regex(/^[0-9a-f]{64}$/)
/** An id that the program made. */
export const ownId = z.string().min(1).max(64)
export const rootKind = z.enum(['user', 'group', 'site'])
/** What people type: no line breaks, no end. */
export const line = z.string().max(1000)
/** A folder or URL, as `holdfast backup` takes a destination. It stands for the destination everywhere. */
export const place = z.string().min(1).max(4000)
export const accountName = z.string().min(1).max(64)
/** Path in a snapshot, from its root; "" is the root. */
export const snapshotPath = z.string().max(20_000)
/** Where a list goes on; opaque. */
export const cursor = z.string().max(8192).nullable()
/** Typed in the window, never sent back to it. */
export const secret = z.string().min(1).max(4096)
export const nothing = z.strictObject({})

/** A page of a list. `next` is null at its end. */
export function page<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ rows: z.array(row), next: cursor })
}

/** An error's code and what fills its sentence. */
export const problem = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
