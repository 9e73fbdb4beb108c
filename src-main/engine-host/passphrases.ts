import { createHash } from 'node:crypto'
import type { SecretStore } from '../engine/ports/secret-store.ts'
import { destinationName } from '../settings/destination-name.ts'

const prefix = 'passphrase/'

/**
 * The name under which the passphrase of a place is kept, however the place is spelled; the place itself may have
 * characters that no name takes.
 */
export function passphraseName(place: string): string {
  return nameOf(destinationName(place))
}

function nameOf(text: string): string {
  return `${prefix}${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}

/** Earlier versions had a name for each spelling. */
function namesOf(place: string): readonly string[] {
  return [...new Set([passphraseName(place), nameOf(place)])]
}

/** The passphrase that is kept of a place. */
export async function passphraseOf(secrets: SecretStore, place: string): Promise<string | undefined> {
  for (const name of namesOf(place)) {
    const passphrase = await secrets.get(name)
    if (passphrase !== undefined) return passphrase
  }
  return undefined
}

/** Whether the passphrase of a place is among those that are kept. */
export function isKept(kept: ReadonlySet<string>, place: string): boolean {
  return namesOf(place).some((name) => kept.has(name))
}

export async function forgetPassphrase(secrets: SecretStore, place: string): Promise<void> {
  for (const name of namesOf(place)) await secrets.delete(name)
}

/** Names of all passphrases that are kept. */
export async function keptPassphrases(secrets: SecretStore): Promise<ReadonlySet<string>> {
  return new Set(await secrets.list(prefix))
}
