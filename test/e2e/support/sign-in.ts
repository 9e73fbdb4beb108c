import type { AppDriver } from '../../support/electron-host/launch.ts'
import type { Desktop } from './desktop.ts'

/** Types name and password into the sign-in window, which belongs to the tenant, and sends them with the Enter key. */
export async function signInAs(desktop: Desktop, app: AppDriver, user: string): Promise<void> {
  const { simulator } = desktop
  const popup = await app.waitForWindow((url) => url.startsWith(simulator.loginBaseUrl))
  await popup.locator('input[name=login]').fill(user)
  await popup.locator('input[name=passwd]').fill(simulator.desk.password(user))
  await popup.keyboard.press('Enter')
}
