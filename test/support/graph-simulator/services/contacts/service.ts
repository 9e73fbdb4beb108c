import type { Service, ServiceRoute } from '../service.ts'
import {
  createContact,
  createFolder,
  deleteContact,
  getContact,
  getFolder,
  getPhoto,
  getPhotoValue,
  listChildFolders,
  listContacts,
  listFolders,
  putPhoto,
  trackContacts,
  updateContact,
  withContacts,
} from './routes.ts'
import type { ContactsCall } from './routes.ts'
import type { Reply } from '../../http/exchange.ts'

type Permission = 'readContacts' | 'writeContacts'

const contacts = (permission: Permission, run: (call: ContactsCall) => Reply, content = false): ServiceRoute => ({
  permission,
  pool: 'mailbox',
  content,
  run: withContacts(run),
})

const user = 'users/{user}'
const folder = `${user}/contactFolders/{contactFolder}`

const collectionRoutes = (below: string): Record<string, ServiceRoute> => ({
  [`GET ${below}/contacts`]: contacts('readContacts', listContacts),
  [`POST ${below}/contacts`]: contacts('writeContacts', createContact),
  [`GET ${below}/contacts/delta`]: contacts('readContacts', trackContacts),
  [`GET ${below}/contacts/{contact}`]: contacts('readContacts', getContact),
  [`PATCH ${below}/contacts/{contact}`]: contacts('writeContacts', updateContact),
  [`DELETE ${below}/contacts/{contact}`]: contacts('writeContacts', deleteContact),
  [`GET ${below}/contacts/{contact}/photo`]: contacts('readContacts', getPhoto),
  [`GET ${below}/contacts/{contact}/photo/$value`]: contacts('readContacts', getPhotoValue, true),
  [`PUT ${below}/contacts/{contact}/photo/$value`]: contacts('writeContacts', putPhoto),
})

/** Contacts and contact folders. Source: https://learn.microsoft.com/graph/api/resources/contact */
export const contactsService: Service = {
  collections: { contactFolders: 'contactFolder', contacts: 'contact' },
  operations: [],
  permissions: {
    readContacts: ['Contacts.Read', 'Contacts.ReadWrite'],
    writeContacts: ['Contacts.ReadWrite'],
  },
  granted: ['Contacts.Read', 'Contacts.ReadWrite'],
  routes: {
    [`GET ${user}/contactFolders`]: contacts('readContacts', listFolders),
    [`POST ${user}/contactFolders`]: contacts('writeContacts', createFolder),
    [`GET ${folder}`]: contacts('readContacts', getFolder),
    [`GET ${folder}/childFolders`]: contacts('readContacts', listChildFolders),
    [`POST ${folder}/childFolders`]: contacts('writeContacts', createFolder),
    ...collectionRoutes(user),
    ...collectionRoutes(folder),
  },
}
