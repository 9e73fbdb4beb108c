import type { Reply } from '../../http/exchange.ts'
import type { Service, ServiceRoute } from '../service.ts'
import {
  getManager,
  getPhoto,
  getPhotoValue,
  getUser,
  listLicences,
  listReports,
  putManager,
  putPhoto,
  updateUser,
  withProfile,
} from './routes.ts'

type Run = Parameters<typeof withProfile>[0]

const route = (permission: string, run: Run, content = false): ServiceRoute => ({
  permission,
  pool: 'directory',
  content,
  run: (call): Reply => withProfile(run)(call),
})

const user = 'users/{user}'
const writers = ['User.ReadWrite.All', 'Directory.ReadWrite.All']
const readers = ['User.Read.All', 'Directory.Read.All', ...writers]

/** A user's profile: the directory's properties, manager, licences, photo. https://learn.microsoft.com/graph/api/resources/user */
export const profileService: Service = {
  collections: {},
  operations: [],
  permissions: {
    readManager: readers,
    readLicences: ['LicenseAssignment.Read.All', ...readers],
    writeUsers: ['User.ReadWrite.All'],
    writeManager: writers,
    readPhotos: ['ProfilePhoto.Read.All', 'User.Read.All', 'User.ReadBasic.All', 'ProfilePhoto.ReadWrite.All'],
    writePhotos: ['ProfilePhoto.ReadWrite.All', 'User.ReadWrite.All'],
  },
  granted: ['User.ReadWrite.All'],
  routes: {
    [`GET ${user}`]: route('readUsers', getUser),
    [`PATCH ${user}`]: route('writeUsers', updateUser),
    [`GET ${user}/manager`]: route('readManager', getManager),
    [`PUT ${user}/manager/$ref`]: route('writeManager', putManager),
    [`GET ${user}/directReports`]: route('readManager', listReports),
    [`GET ${user}/licenseDetails`]: route('readLicences', listLicences),
    [`GET ${user}/photo`]: route('readPhotos', getPhoto),
    [`GET ${user}/photo/$value`]: route('readPhotos', getPhotoValue, true),
    [`PUT ${user}/photo/$value`]: route('writePhotos', putPhoto),
  },
}
