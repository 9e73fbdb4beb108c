import type { HostServices } from '../services.ts'
import { isRefused } from './refused.ts'

/** Does what an account is used for, and remembers whether it was refused. */
export async function withAccountNoted<T>(services: HostServices, name: string, work: () => Promise<T>): Promise<T> {
  try {
    const value = await work()
    await noteAccount(services, name, false)
    return value
  } catch (error) {
    if (isRefused(error)) await noteAccount(services, name, true)
    throw error
  }
}

/** A use of the account has gone well, or was refused. */
export async function noteAccount(services: HostServices, name: string, refused: boolean): Promise<void> {
  const before = (await services.state.read()).accounts[name.toLowerCase()]?.refused ?? false
  await services.state.noteAccount(name, { time: services.clock.now(), refused })
  if (before !== refused) services.emit('changed', { what: ['accounts', 'plans'] })
}
