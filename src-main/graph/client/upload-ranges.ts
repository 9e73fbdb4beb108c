import { isObject } from './graph-codes.ts'

/**
 * Where an upload session goes on: the first of its `nextExpectedRanges`, "12345-" or "12345-55232"; undefined if it
 * names none. https://learn.microsoft.com/graph/api/driveitem-createuploadsession#resuming-an-in-progress-upload
 */
export function expectedStart(body: unknown, size: number): number | undefined {
  const ranges: unknown = isObject(body) ? body.nextExpectedRanges : undefined
  const starts = (Array.isArray(ranges) ? (ranges as readonly unknown[]) : []).map((range) =>
    typeof range === 'string' ? Number.parseInt(range, 10) : Number.NaN,
  )
  const known = starts.filter((start) => start >= 0 && start < size)
  return known.length === 0 ? undefined : Math.min(...known)
}
