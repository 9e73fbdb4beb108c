import type { FolderReference, MessageProperties, TenantState } from '../state/tenant.ts'
import type { NewUser } from '../state/user.ts'

export interface InlineMessage extends MessageProperties {
  readonly folder: FolderReference
  /** The whole message as text; bytes that are no text come as base64. */
  readonly mime: string | { readonly base64: string }
}

export interface InlineUser extends NewUser {
  /** In the order they are made: parents first. */
  readonly folders?: readonly {
    readonly displayName: string
    readonly parent?: FolderReference
    readonly hidden?: boolean
  }[]
  readonly messages?: readonly InlineMessage[]
}

/** A tenant written out in full, for small tests. */
export interface InlineSeed {
  readonly kind: 'inline'
  readonly users: readonly InlineUser[]
}

export function plantInline(tenant: TenantState, seed: InlineSeed): void {
  for (const user of seed.users) {
    tenant.addUser(user)
    const name = user.userPrincipalName
    for (const folder of user.folders ?? []) tenant.addFolder(name, folder)
    for (const message of user.messages ?? []) {
      const mime = typeof message.mime === 'string' ? message.mime : Buffer.from(message.mime.base64, 'base64')
      tenant.addMessage(name, message.folder, mime, message)
    }
  }
}
