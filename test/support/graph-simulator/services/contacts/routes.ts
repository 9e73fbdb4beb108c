import { badRequest, GraphError, itemNotFound, unknownProperty } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { parseExpand } from '../../odata/expand.ts'
import { parseFilter, passes } from '../../odata/filter.ts'
import { parseSelect } from '../../odata/query.ts'
import type { MailboxCall, RouteCall } from '../../routes/context.ts'
import { singleValueInput } from '../../routes/extended-input.ts'
import { collectionPage } from '../../routes/paging.ts'
import { jsonObject, refuseTooLarge, requiredText } from '../../routes/request-json.ts'
import { withMailbox } from '../../routes/require-mailbox.ts'
import { normalizePropertyId } from '../../state/extended-properties.ts'
import type { ContactBook, StoredContact, StoredContactFolder } from './book.ts'
import { contactsDelta } from './delta.ts'
import { contactInput, contactProperties, contactType, withDerivedNames } from './properties.ts'
import { onlySelected, photoSize, renderContact, renderFolder } from './render.ts'
import { contactsState } from './state.ts'

/** A call about the contacts of a mailbox. */
export interface ContactsCall extends MailboxCall {
  readonly book: ContactBook
}

export function withContacts(run: (call: ContactsCall) => Reply): (call: RouteCall) => Reply {
  return (plain) => {
    const call = withMailbox(plain)
    return run({ ...call, book: contactsState(call.context.tenant).book(call.user.id) })
  }
}

const pages = { defaultPage: 10, largestPage: 999 }
const folderProperties = new Map([
  ['id', 'id'],
  ['displayname', 'displayName'],
  ['parentfolderid', 'parentFolderId'],
])
const folderType = 'microsoft.graph.contactFolder'

/** The folder that the path names, the default one if it names none. */
function folderOf(call: ContactsCall): StoredContactFolder {
  const { contactFolder } = call.parameters
  if (contactFolder === undefined) return call.book.defaultFolder
  const { knowsDefaultByName } = contactsState(call.context.tenant)
  if (contactFolder.toLowerCase() === 'contacts' && knowsDefaultByName) return call.book.defaultFolder
  return call.book.folderById(contactFolder, call.user.userPrincipalName)
}

function contactOf(call: ContactsCall): StoredContact {
  const contact = call.book.contactById(call.parameters.contact ?? '', call.user.userPrincipalName)
  if (call.parameters.contactFolder !== undefined && folderOf(call) !== contact.folder) throw itemNotFound()
  return contact
}

/**
 * GET contactFolders: what is below the default folder. The documented example shows the default folder in it, real
 * mailboxes do not list it; `listsDefault` chooses.
 */
export function listFolders(call: ContactsCall): Reply {
  const { book } = call
  const listsDefault = contactsState(call.context.tenant).listsDefault
  return folderPage(call, [...(listsDefault ? [book.defaultFolder] : []), ...book.childrenOf(book.defaultFolder)])
}

/** GET contactFolders/{id}/childFolders */
export function listChildFolders(call: ContactsCall): Reply {
  return folderPage(call, call.book.childrenOf(folderOf(call)))
}

function folderPage(call: ContactsCall, folders: readonly StoredContactFolder[]): Reply {
  const selected = parseSelect(call.query.get('$select'), folderProperties, folderType)
  return collectionPage(call, folders, {
    kind: 'contactFolders',
    ...pages,
    render: (folder) => onlySelected(renderFolder(call.book, folder), selected),
  })
}

export function getFolder(call: ContactsCall): Reply {
  const selected = parseSelect(call.query.get('$select'), folderProperties, folderType)
  return jsonReply(200, onlySelected(renderFolder(call.book, folderOf(call)), selected))
}

/** POST contactFolders and childFolders. An equal name on that level is a 409, whatever its case, as with mail folders. */
export function createFolder(call: ContactsCall): Reply {
  const { book } = call
  const parent = folderOf(call)
  const body = jsonObject(call.request)
  const displayName = requiredText(body, 'displayName')
  const unknown = Object.keys(body).find((name) => !['displayName', 'parentFolderId'].includes(name))
  if (unknown !== undefined) throw unknownProperty(unknown, folderType)
  const taken = book.childrenOf(parent).some((child) => child.displayName.toLowerCase() === displayName.toLowerCase())
  if (taken) throw new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
  return jsonReply(201, renderFolder(book, book.addFolder(parent, displayName)))
}

/** GET contacts (the default folder's) and contactFolders/{id}/contacts */
export function listContacts(call: ContactsCall): Reply {
  const { book } = call
  const folder = folderOf(call)
  const render = renderer(call)
  return collectionPage(call, filtered(call, book.inFolder(folder)), { kind: 'contacts', ...pages, render })
}

/** Only extended properties and addresses can be filtered by; Graph knows a few more. */
function filtered(call: ContactsCall, contacts: readonly StoredContact[]): readonly StoredContact[] {
  const text = call.query.get('$filter')
  if (text === undefined) return contacts
  const node = parseFilter(text)
  return contacts.filter(({ single }) =>
    passes(node, {
      value: (path) => {
        throw badRequest(`The property path '${path}' cannot be used in a filter.`, 'ErrorInvalidUrlQueryFilter')
      },
      hasProperty: (id, value) => {
        const found = single.get(normalizePropertyId(id))
        return found !== undefined && (value === undefined || found.toLowerCase() === value.toLowerCase())
      },
    }),
  )
}

/** With the extended properties that the request expands; they are absent otherwise. */
function renderer({ query, book, preferences }: ContactsCall): (contact: StoredContact) => object {
  const selected = parseSelect(query.get('$select'), contactProperties, contactType)
  const { attachments, singleValue } = parseExpand(query.get('$expand'))
  if (attachments) throw unknownProperty('attachments', contactType)
  return (contact) => {
    const shown = onlySelected(renderContact(book, contact, preferences.ids), selected)
    const found = (singleValue ?? []).flatMap((id) => {
      const value = contact.single.get(id)
      return value === undefined ? [] : [{ id, value }]
    })
    return found.length === 0 ? shown : { ...shown, singleValueExtendedProperties: found }
  }
}

export function getContact(call: ContactsCall): Reply {
  return jsonReply(200, renderer(call)(contactOf(call)))
}

export function createContact(call: ContactsCall): Reply {
  const { book, request, now } = call
  const folder = folderOf(call)
  const body = jsonObject(request)
  const given = withDerivedNames(contactInput(body))
  const single = singleValueInput(body)
  const contact = book.add(folder, given, now)
  for (const [id, value] of single) contact.single.set(id, value)
  return jsonReply(201, renderer(call)(contact))
}

export function updateContact(call: ContactsCall): Reply {
  const contact = contactOf(call)
  const body = jsonObject(call.request)
  const given = contactInput(body)
  for (const [id, value] of singleValueInput(body)) contact.single.set(id, value)
  contact.properties = { ...contact.properties, ...given }
  call.book.touch(contact, call.now)
  return jsonReply(200, renderer(call)(contact))
}

/** GET contacts/delta and contactFolders/{id}/contacts/delta */
export function trackContacts(call: ContactsCall): Reply {
  return contactsDelta(call, call.book, folderOf(call))
}

export function deleteContact(call: ContactsCall): Reply {
  call.book.remove(contactOf(call))
  return emptyReply(204)
}

/** GET contacts/{id}/photo: about the picture. The contract shows an etag of it for users only, so here is none. */
export function getPhoto(call: ContactsCall): Reply {
  const { photo } = contactOf(call)
  if (photo === undefined) throw itemNotFound()
  const { width, height } = photoSize(photo)
  return jsonReply(200, { id: `${String(width)}x${String(height)}`, width, height })
}

export function getPhotoValue(call: ContactsCall): Reply {
  const { photo } = contactOf(call)
  if (photo === undefined) throw itemNotFound()
  return bytesReply(photo, 'image/jpeg')
}

/** PUT contacts/{id}/photo/$value. Source: https://learn.microsoft.com/graph/api/profilephoto-update */
export function putPhoto(call: ContactsCall): Reply {
  const contact = contactOf(call)
  contact.photo = photoInput(call)
  call.book.touch(contact, call.now)
  return emptyReply(200)
}

/** The bytes of a picture; a body of another kind, an empty one or one above 4 MB is refused. */
function photoInput({ request }: RouteCall): Buffer {
  refuseTooLarge(request)
  if (!/^image\/(jpeg|png|gif|bmp)\b/i.test(request.headers['content-type'] ?? '')) {
    throw new GraphError(415, 'UnsupportedMediaType', 'A picture is expected.')
  }
  if (request.body.length === 0) throw badRequest('The picture is empty.', 'ErrorInvalidImage')
  return request.body
}
