import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MessageInfo } from '../state/info.ts'
import type { TenantState } from '../state/tenant.ts'

/** Where a message's file goes, relative to the folder; nothing leaves the message out. */
export type DumpNames = Readonly<Record<string, string>> | ((user: string, message: MessageInfo) => string | undefined)

export interface DumpedMessage {
  readonly user: string
  readonly id: string
  readonly file: string
}

/**
 * Writes the MIME of every message as it is served into `folder`. Names come from `names` (by immutable id, or a function);
 * without it every file is `<user>/<immutable id>.eml`.
 */
export async function dumpServed(tenant: TenantState, folder: string, names?: DumpNames): Promise<DumpedMessage[]> {
  const dumped: DumpedMessage[] = []
  for (const { userPrincipalName: user, hasMailbox } of tenant.users()) {
    if (!hasMailbox) continue
    for (const message of tenant.eachMessage(user)) {
      const file = fileOf(user, message, names)
      if (file === undefined) continue
      await mkdir(join(folder, dirname(file)), { recursive: true })
      await writeFile(join(folder, file), await tenant.mime(user, message.id))
      dumped.push({ user, id: message.id, file })
    }
  }
  return dumped
}

function fileOf(user: string, message: MessageInfo, names: DumpNames | undefined): string | undefined {
  if (names === undefined) return join(user, `${message.id}.eml`)
  return typeof names === 'function' ? names(user, message) : names[message.id]
}
