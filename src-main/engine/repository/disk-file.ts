import type { ErrorCode } from '../model/errors.ts'
import { nameBytes } from './node-name.ts'

// A network drive or a stick may keep no times or modes. The content counts.
const UNSUPPORTED = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EOVERFLOW', 'ERANGE'])

/** A path as the disk takes it: names that are not valid UTF-8 (see node-name.ts) go as bytes. */
export function diskPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : nameBytes(path)
}

/**
 * A time as node:fs takes it, from milliseconds of which whole microseconds count. The fraction is cut off on the way,
 * so that 0.123 seconds would become 0.122999: a part of a microsecond keeps it above. Before 1970 only a Date will do:
 * a negative number means now (https://nodejs.org/api/fs.html#fsutimespath-atime-mtime-callback).
 */
export function diskTime(milliseconds: number): number | Date {
  return milliseconds < 0 ? new Date(milliseconds) : (milliseconds + 0.0004) / 1000
}

/** The system's word for what failed, as "ENOENT"; empty if the system did not say it. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Whether an error in setting times or mode only says that the disk keeps none. */
export function isUnsupported(error: unknown): boolean {
  return UNSUPPORTED.has(errnoOf(error))
}

/** The code that a failed file operation means. */
export function fileErrorCode(error: unknown): ErrorCode {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'store.full'
    case 'EROFS':
      return 'store.read-only'
    case 'EACCES':
    case 'EPERM':
      return 'store.permission'
    default:
      return 'store.failed'
  }
}
