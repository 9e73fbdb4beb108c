import { buildDesktop } from '../../../scripts/build-desktop.ts'
import { hostName } from '../../support/electron-host/launch.ts'

/** The built program is what is tested; it prints what it runs on. */
export async function setup(): Promise<void> {
  buildDesktop()
  console.log(`The desktop application runs on: ${await hostName()}`)
}
