import type { HostContext, HostSession, SessionWish } from './context.ts'

/** Does something with a session, and closes it. */
export async function withSession<T>(
  context: Pick<HostContext, 'sessionFor'>,
  wish: SessionWish,
  work: (session: HostSession) => Promise<T>,
): Promise<T> {
  const session = context.sessionFor(wish)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
