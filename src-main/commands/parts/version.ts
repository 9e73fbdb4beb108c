import { readFileSync } from 'node:fs'

/** The package's version. This file and the bundle it ends in are both two folders below package.json. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
  return version
}
