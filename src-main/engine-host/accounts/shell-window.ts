import type { SignInWindow } from '../../auth/sign-in-window.ts'
import { EngineError } from '../../engine/index.ts'
import type { Answer, SignInPage } from '../wire.ts'

/** Microsoft takes it for desktop applications, and the shell sees it before anything is asked of it. */
const redirectUri = 'http://localhost'

/** A window of the shell for signing in. */
export function shellWindow(ask: (page: SignInPage, signal: AbortSignal | undefined) => Promise<Answer>): SignInWindow {
  return {
    open: async (pageFor, signal) => {
      const url = await pageFor(redirectUri)
      const answer = await ask({ url, redirectUri }, signal)
      if (answer.outcome === 'back') return answer.url
      const reason = answer.outcome === 'closed' ? 'window-closed' : 'no-window'
      throw new EngineError('auth.declined', { retry: 'reauth', context: { reason } })
    },
  }
}
