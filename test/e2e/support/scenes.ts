import { addPlan, signInApplication, type PlanWish } from './command-line.ts'
import { Desktop } from './desktop.ts'
import { ada } from './people.ts'

/** The route of a message's content in the simulator. */
export const messageContent = 'users/{user}/messages/{message}/$value'

/** A desktop on which somebody has set up a plan for Ada's mail. */
export async function desktopWithPlan(more: Partial<PlanWish> = {}): Promise<Desktop> {
  const desktop = await Desktop.set()
  await signInApplication(desktop)
  await addPlan(desktop, { account: 'firm', user: ada, ...more })
  return desktop
}

/** Five messages come, the others never do. */
export function stallMessages({ simulator }: Desktop): void {
  simulator.faults.add({ kind: 'stall', match: { route: messageContent }, skip: 5 })
}
