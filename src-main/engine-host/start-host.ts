import { resolve } from 'node:path'
import type { Environment } from '../commands/parts/option-values.ts'
import { readSettings } from '../settings/settings-file.ts'
import { accountHandlers } from './accounts/handlers.ts'
import { browseHandlers } from './browse/handlers.ts'
import { destinationHandlers } from './destinations/handlers.ts'
import { keyHandlers } from './destinations/key-handlers.ts'
import { noteRoomAfter } from './destinations/room.ts'
import { PickedTitles } from './destinations/picked-titles.ts'
import { directoryHandlers } from './directory/handlers.ts'
import type { HostLog } from './host-log.ts'
import { createServices } from './host-services.ts'
import { operationHandlers } from './operations/handlers.ts'
import type { RunningOperation } from './operations/operation.ts'
import { maintenanceHandlers } from './maintenance.ts'
import { planHandlers } from './plans/handlers.ts'
import { QUIET_DAYS } from './plans/plan-rows.ts'
import { noteAccounts, noteRun } from './plans/run-plan.ts'
import { WaitingPlans } from './plans/waiting-plans.ts'
import { recoveryKitHandlers } from './recovery-kit.ts'
import { restoreHandlers } from './restore/handlers.ts'
import { runHandlers } from './runs/handlers.ts'
import { pastRuns } from './runs/run-rows.ts'
import { RunWatch } from './runs/watch-runs.ts'
import { scheduleHandlers, tellAttention, type Quiet } from './schedule.ts'
import { gather, Server, whereOf, type HostPort } from './serve.ts'
import type { InternalHandlers, OperationWish } from './context.ts'
import type { HostServices } from './services.ts'

export interface HostParts {
  readonly port: HostPort
  readonly profile: string
  readonly environment: Environment
  readonly log: HostLog
}

/** Builds the engine host and lets it answer. */
export function startHost({ port, profile, environment, log: hostLog }: HostParts): void {
  const log = (sentence: string): void => hostLog.tell(sentence)
  const server = new Server({ port, log })
  const quiet: Quiet = { days: QUIET_DAYS }
  const titles = new PickedTitles()
  const services: HostServices = createServices({
    profile: resolve(profile),
    environment,
    server,
    afterOperation: async (operation) => {
      try {
        await hostLog.operationEnded(operation.result())
        await afterOperation(services, operation, quiet)
      } catch (error) {
        log(`after an operation: ${whereOf(error)}`)
      }
      await waiting.next()
    },
  })
  const waiting = new WaitingPlans(services, log)
  const onStop = ({ plan, place }: OperationWish): void => {
    if (plan !== null) waiting.forgetAt(place)
  }
  const watching = watchRuns(services, waiting, quiet, log)
  server.start(
    gather(
      accountHandlers(services),
      directoryHandlers(services, titles),
      destinationHandlers(services, titles),
      keyHandlers(services),
      maintenanceHandlers(services),
      planHandlers(services, waiting, titles, () => quiet.days),
      runHandlers(services),
      operationHandlers(services.operations, onStop),
      scheduleHandlers(services, quiet),
      recoveryKitHandlers(services),
      browseHandlers(services),
      restoreHandlers(services),
      lifeHandlers(services, server, watching),
    ),
  )
}

/** Runs that other processes begin and end, the command line's for instance, show as this one's do. */
async function watchRuns(
  services: HostServices,
  waiting: WaitingPlans,
  quiet: Quiet,
  log: (sentence: string) => void,
): Promise<RunWatch | undefined> {
  const failed = (error: unknown): void => log(`watching for runs: ${whereOf(error)}`)
  const tell = async (): Promise<void> => {
    services.emit('changed', { what: ['plans', 'runs', 'destinations', 'snapshots'] })
    await waiting.next()
    await tellAttention(services, quiet)
  }
  try {
    return await RunWatch.open(services.profile, () => void tell().catch(failed), failed)
  } catch (error) {
    failed(error)
    return undefined
  }
}

function lifeHandlers(
  services: HostServices,
  server: Server,
  watching: Promise<RunWatch | undefined>,
): InternalHandlers<'host.limits' | 'host.stop'> {
  return {
    'host.limits': (limits) => {
      services.setLimits(limits)
      return Promise.resolve({})
    },
    'host.stop': async (_, { signal }) => {
      server.abortAll(signal)
      ;(await watching)?.close()
      await services.stop()
      return {}
    },
  }
}

/** Whatever an operation has changed shows in the lists, and in what the next one who looks is told. */
async function afterOperation(services: HostServices, operation: RunningOperation, quiet: Quiet): Promise<void> {
  const { kind, place, plan, dryRun } = operation.wish
  services.placeChanged(place)
  if (plan !== null) {
    await noteRun(services, operation)
    const { plans } = await readSettings(services.profile)
    const own = plans.find(({ id }) => id === plan.id)
    const last = (await pastRuns(services)).findLast((run) => run.plan === plan.id && run.started >= operation.started)
    if (own !== undefined) await noteAccounts(services, own, last)
  }
  if (kind === 'backup' || kind === 'prune') await noteRoomAfter(services, place)
  if (!dryRun) services.emit('changed', { what: ['plans', 'runs', 'destinations', 'snapshots'] })
  await tellAttention(services, quiet)
}
