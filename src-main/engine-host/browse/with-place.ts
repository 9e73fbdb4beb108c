import type { HostContext, OpenPlace } from '../context.ts'

/** Does something with an open repository and its catalog. */
export async function withPlace<T>(
  { openPlace }: Pick<HostContext, 'openPlace'>,
  place: string,
  signal: AbortSignal,
  work: (opened: OpenPlace) => T | Promise<T>,
): Promise<T> {
  const opened = await openPlace(place, signal)
  try {
    return await work(opened)
  } finally {
    opened.release()
  }
}
