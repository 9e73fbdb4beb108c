import { createHash } from 'node:crypto'
import type { SecretStore } from '../engine/ports/secret-store.ts'

const prefix = 'passphrase/'

/** The name under which the passphrase of a place is kept: the place itself may have characters that no name takes. */
export function passphraseName(place: string): string {
  return `${prefix}${createHash('sha256').update(place).digest('hex').slice(0, 32)}`
}

/** Names of all passphrases that are kept. */
export async function keptPassphrases(secrets: SecretStore): Promise<ReadonlySet<string>> {
  return new Set(await secrets.list(prefix))
}
