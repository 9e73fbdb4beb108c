import type { JsonObject } from '../../engine/model/json.ts'
import { graphPath } from '../client/graph-url.ts'
import { text } from '../item/fields.ts'
import { mailboxPool } from '../outlook/mailbox.ts'
import type { Mailbox } from '../outlook/mailbox.ts'

/** Id that stands for the default folder where its real one is not known: addresses without a folder lead there. */
export const defaultFolderId = ''

export function contactsPath(user: string, folder: string): string {
  return folder === defaultFolderId
    ? graphPath`/users/${user}/contacts`
    : graphPath`/users/${user}/contactFolders/${folder}/contacts`
}

export function childFoldersPath(user: string, folder: string): string {
  return folder === defaultFolderId
    ? graphPath`/users/${user}/contactFolders`
    : graphPath`/users/${user}/contactFolders/${folder}/childFolders`
}

/** Gives the new contact's Graph id. */
export async function postContact(
  { client, user, signal }: Mailbox,
  folder: string,
  body: JsonObject,
): Promise<string> {
  const path = contactsPath(user, folder)
  const made = await client.json<JsonObject>({ method: 'POST', path, body, pool: mailboxPool(user), signal })
  return text(made, 'id') ?? ''
}

export async function patchContact({ client, user, signal }: Mailbox, id: string, body: JsonObject): Promise<void> {
  const path = graphPath`/users/${user}/contacts/${id}`
  await client.json<JsonObject>({ method: 'PATCH', path, body, pool: mailboxPool(user), signal })
}

/** https://learn.microsoft.com/graph/api/profilephoto-update */
export async function putContactPhoto(
  { client, user, signal }: Mailbox,
  id: string,
  body: Uint8Array,
  contentType: string,
): Promise<void> {
  const path = graphPath`/users/${user}/contacts/${id}/photo/$value`
  await client.json<undefined>({ method: 'PUT', path, body, contentType, pool: mailboxPool(user), signal })
}
