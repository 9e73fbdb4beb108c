import type { Page } from 'playwright-core'
import type { PlanDraft } from '../../../src-shared/ipc/index.ts'
import type { AppDriver } from '../../support/electron-host/launch.ts'
import type { SimulatorOptions } from '../../support/graph-simulator/index.ts'
import { ask, askToEnd } from './ask.ts'
import { clientSecret, Desktop, mainWindow } from './desktop.ts'

const account = 'Contoso'
const passphrase = 'correct horse battery staple'

export interface Scene {
  readonly desktop: Desktop
  readonly app: AppDriver
  readonly page: Page
  readonly repository: string
}

/** The program on a tenant, with an application signed in and a repository, and no plan yet. */
export async function openScene(tenant?: SimulatorOptions['tenant']): Promise<Scene> {
  const desktop = await Desktop.set(tenant)
  const app = await desktop.start()
  const page = await mainWindow(app)
  const { clientId, tenantId } = desktop.simulator
  const registration = { name: account, clientId, tenantId, cloud: 'global' } as const
  await ask(page, 'accounts.signInApplication', {
    ...registration,
    credential: { kind: 'secret', secret: clientSecret },
  })
  const repository = desktop.path('repository')
  await ask(page, 'destinations.create', { place: repository, passphrase })
  return { desktop, app, page, repository }
}

/** A full hour that does not come while a test runs, on this machine's clock. */
function farFromNow(): string {
  return `${String((new Date().getHours() + 12) % 24).padStart(2, '0')}:00`
}

/** A plan that runs once a day, of all that the tenant has. */
export function draftOf({ repository }: Pick<Scene, 'repository'>, more: Partial<PlanDraft> = {}): PlanDraft {
  return {
    id: null,
    name: 'Contoso',
    place: repository,
    sources: [
      {
        account,
        kinds: ['user', 'group', 'site'],
        roots: null,
        types: null,
        include: [],
        exclude: [],
        fileVersions: 5,
      },
    ],
    schedule: { recurrence: { kind: 'daily', at: farFromNow() }, quiet: null },
    retention: { last: null, hourly: null, daily: 14, weekly: 8, monthly: 12, yearly: null, within: null },
    prune: null,
    check: null,
    notice: null,
    ...more,
  }
}

/** Saves a plan and runs it; fails unless there is a snapshot then. */
export async function backUp(scene: Scene, more: Partial<PlanDraft> = {}): Promise<string> {
  const { plan } = await ask(scene.page, 'plans.save', draftOf(scene, more))
  await runPlan(scene, plan)
  return plan
}

export async function runPlan({ page }: Scene, plan: string): Promise<void> {
  const { outcome, problem } = await askToEnd(page, 'plans.run', { plan })
  if (outcome !== 'done' && outcome !== 'incomplete') throw new Error(`${outcome}: ${problem?.code ?? ''}`)
}

/** Opens a view by the sidebar. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: view, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: view }).waitFor()
}
