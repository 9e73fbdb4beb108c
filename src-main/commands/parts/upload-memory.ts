import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { createSessionFile } from '../../destinations/graph-drive/session-file.ts'
import type { UploadSessionStore } from '../../destinations/graph-drive/upload-sessions.ts'
import type { SecretStore } from '../../engine/ports/secret-store.ts'
import { systemClock } from '../../graph/client/system-clock.ts'
import { openSecretStore } from './account-option.ts'
import type { Session } from './session.ts'

const KEY_NAME = 'upload-sessions'
const KEY_BYTES = 32

/**
 * Remembers uploads in an encrypted file of the profile; its key is kept with the accounts' secrets. Neither is looked
 * for before an upload is begun. Where there is nowhere to keep a secret, every method rejects with `secrets.*`.
 */
export function createUploadMemory(session: Session, path: string): UploadSessionStore {
  let opened: Promise<UploadSessionStore> | undefined
  const file = (): Promise<UploadSessionStore> => (opened ??= openFile(session, path))
  return {
    get: async (name) => await (await file()).get(name),
    set: async (name, upload) => {
      await (await file()).set(name, upload)
    },
    delete: async (name) => {
      await (await file()).delete(name)
    },
  }
}

async function openFile(session: Session, path: string): Promise<UploadSessionStore> {
  const key = await uploadKey(await openSecretStore(session))
  await mkdir(session.profile, { recursive: true, mode: 0o700 })
  return createSessionFile({ path, key, clock: systemClock })
}

async function uploadKey(secrets: SecretStore): Promise<Buffer> {
  const kept = Buffer.from((await secrets.get(KEY_NAME)) ?? '', 'base64')
  if (kept.length === KEY_BYTES) return kept
  const made = randomBytes(KEY_BYTES)
  await secrets.set(KEY_NAME, made.toString('base64'))
  return made
}
