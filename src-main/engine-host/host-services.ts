import { openSecretStore } from '../commands/parts/account-option.ts'
import { createConnections } from '../commands/parts/connections.ts'
import type { Environment } from '../commands/parts/option-values.ts'
import type { Output } from '../commands/parts/output.ts'
import type { Progress } from '../commands/parts/progress.ts'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { systemClock } from '../graph/client/system-clock.ts'
import { noProgress, silentOutput } from './captured-output.ts'
import type { HostSession, OperationWish, OpenPlace, SessionWish } from './context.ts'
import { knownPlaces } from './destinations/known-places.ts'
import { makeSession } from './host-session.ts'
import { HostState } from './host-state.ts'
import { hostValues, noLimits, type Limits } from './host-values.ts'
import { OperationTable, type OperationTableParts } from './operations/operation-table.ts'
import { OpenPlaces } from './open-places.ts'
import type { Server } from './serve.ts'
import type { HostServices } from './services.ts'
import { SharedConnections } from './shared-connections.ts'
import { shellWindow } from './accounts/shell-window.ts'

export interface ServicesParts {
  readonly profile: string
  readonly environment: Environment
  readonly server: Server
  /** Notes what came of an operation, before anybody is told that it has ended. Never rejects. */
  readonly afterOperation: OperationTableParts['afterOperation']
}

/** Builds what all answers of the host use; nothing is opened yet. */
export function createServices(parts: ServicesParts): HostServices {
  const { profile, environment, server } = parts
  let limits: Limits = noLimits
  const secretStore = onceOpened(() => openSecrets(profile, environment))
  const connections = new SharedConnections(secretStore)
  const session = (wish: SessionWish, output: Output, progress: Progress): HostSession => {
    const values = hostValues(environment, limits)
    return makeSession({ profile, values, connections: connections.lease(), output, progress }, wish)
  }
  const sessionFor = (wish: SessionWish): HostSession => session(wish, silentOutput, noProgress)
  const places = new OpenPlaces({ now: () => systemClock.now(), sessionFor })
  const state = new HostState(profile)
  const operations = new OperationTable({
    profile,
    now: () => systemClock.now(),
    openSession: (wish, output, progress, signal) => session(wishOfOperation(wish, signal), output, progress),
    onOperations: (running) => server.emit('operations', running),
    afterOperation: parts.afterOperation,
    onEnded: (result) => server.emit('operationEnded', result),
  })
  return {
    ...{ profile, environment, clock: systemClock, operations, state, secretStore, sessionFor },
    openPlace: async (place, signal, options = {}) => {
      const open = await places.open(place, signal, options.fresh)
      return await noted({ profile, state }, place, open)
    },
    placeChanged: (place) => places.changed(place),
    reopenPlace: (place) => places.forget(place),
    emit: (topic, value) => server.emit(topic, value),
    signInWindow: shellWindow((page, signal) => server.openSignInWindow(page, signal)),
    setLimits: (given) => {
      limits = given
    },
    accountsChanged: () => connections.retire(),
    stop: async () => {
      await operations.close()
      await places.close()
      await connections.close()
    },
  }
}

function wishOfOperation({ place, args = [place], options = {} }: OperationWish, signal: AbortSignal): SessionWish {
  return { signal, place, args, options }
}

/** The repository's id is what its history goes by. */
async function noted(
  host: { readonly profile: string; readonly state: HostState },
  place: string,
  open: OpenPlace,
): Promise<OpenPlace> {
  const repository = open.repository.config.id
  // Every question about a place comes through here: plans are only looked at until it is noted.
  if ((await host.state.place(place))?.repository === repository) return open
  if ((await knownPlaces(host)).some((one) => one.place === place)) await host.state.notePlace(place, { repository })
  return open
}

/** A store that opened once stays; one that did not is tried again by the next one who asks. */
function onceOpened(open: () => Promise<SecretStore>): () => Promise<SecretStore> {
  let opened: Promise<SecretStore> | undefined
  return () => {
    if (opened !== undefined) return opened
    const opening = open()
    opened = opening
    opening.catch(() => {
      if (opened === opening) opened = undefined
    })
    return opening
  }
}

async function openSecrets(profile: string, environment: Environment): Promise<SecretStore> {
  const connections = createConnections()
  const values = hostValues(environment, noLimits)
  const { signal } = new AbortController()
  const session = makeSession({ profile, values, connections, output: silentOutput, progress: noProgress }, { signal })
  return await openSecretStore(session, environment)
}
