import { initRepository } from '../engine/index.ts'
import { openDestination } from './parts/destination.ts'
import { withPlace } from './parts/error-place.ts'
import { exitCodes, type ExitCode } from './parts/exit-codes.ts'
import { requiredArgument, type Session } from './parts/session.ts'

/** Makes a new repository. */
export async function init(session: Session): Promise<ExitCode> {
  const { output, signal } = session
  const { store } = await openDestination(session, requiredArgument(session, 0))
  const passphrase = await session.passphrase('new')
  try {
    const { config } = await initRepository({ store, passphrase, signal })
    output.summary(`Made repository ${config.id.slice(0, 8)} in ${store.location}`)
    output.summary('Keep the passphrase safe: without it, nobody can read the repository.')
    output.object({ message_type: 'summary', repository: store.location, id: config.id })
    return exitCodes.done
  } catch (error) {
    throw withPlace(error, store.location)
  }
}
