import { spawn } from 'node:child_process'

const commands: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  // "start" would have the address read by the command interpreter.
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
  darwin: ['open'],
}

/** Shows an address in the browser that the person uses. Tells whether that could be started. */
export function openBrowser(address: string): Promise<boolean> {
  const [command, ...fixed] = commands[process.platform] ?? ['xdg-open']
  return new Promise((resolve) => {
    const browser = spawn(command, [...fixed, address], { stdio: 'ignore', detached: true })
    browser.once('error', () => {
      resolve(false)
    })
    browser.once('spawn', () => {
      browser.unref()
      resolve(true)
    })
  })
}
