import type { Reply } from '../../http/exchange.ts'
import { directoryCost } from '../../throttling/pool-use.ts'
import type { Service, ServiceRoute } from '../service.ts'
import { withGroup, withGroups } from './calls.ts'
import type { GroupCall, GroupsCall } from './calls.ts'
import { countGroups, createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.ts'
import { addReference, countSide, listSide, removeReference } from './members.ts'
import type { Side } from './members.ts'
import { deletePhoto, getPhoto, getPhotoValue, putPhoto } from './photo.ts'

const all = (permission: string, run: (call: GroupsCall) => Reply): ServiceRoute => ({
  permission,
  pool: 'directory',
  cost: directoryCost(1),
  run: (call) => run(withGroups(call)),
})

const one = (permission: string, run: (call: GroupCall) => Reply, units = 1, content = false): ServiceRoute => ({
  permission,
  pool: 'directory',
  cost: directoryCost(units),
  content,
  run: (call) => run(withGroup(call)),
})

const group = 'groups/{group}'
/** Resource units. https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
const memberUnits = 3

/** `microsoft.graph.user`, which the contract calls `graph.user`. */
const casts = [
  ['user', 'user'],
  ['graph.user', 'user'],
  ['group', 'group'],
  ['graph.group', 'group'],
] as const

/** Members or owners. */
function side(name: Side, reads: string, writes: string, parameter: string): Record<string, ServiceRoute> {
  const path = `${group}/${name}`
  return {
    [`GET ${path}`]: one(reads, (call) => listSide(call, name), memberUnits),
    ...Object.fromEntries(
      casts.map(([cast, type]) => [
        `GET ${path}/${cast}`,
        one(reads, (call) => listSide(call, name, type), memberUnits),
      ]),
    ),
    [`GET ${path}/$count`]: one(reads, (call) => countSide(call, name), memberUnits),
    [`POST ${path}/$ref`]: one(writes, (call) => addReference(call, name)),
    [`DELETE ${path}/{${parameter}}/$ref`]: one(writes, (call) => removeReference(call, name)),
  }
}

const writers = ['Group.ReadWrite.All', 'Directory.ReadWrite.All']
const memberReaders = [
  'Group.Read.All',
  'Directory.Read.All',
  'GroupMember.Read.All',
  'Group.ReadWrite.All',
  'GroupMember.ReadWrite.All',
]
const photoReaders = ['ProfilePhoto.Read.All', 'Group.Read.All', 'ProfilePhoto.ReadWrite.All']

/** Groups of the directory, their members, owners and photos. https://learn.microsoft.com/graph/api/resources/group */
export const groupsService: Service = {
  collections: { groups: 'group', members: 'member', owners: 'owner' },
  operations: ['$ref', 'user', 'group', 'graph.user', 'graph.group'],
  permissions: {
    readGroups: ['Group.ReadBasic.All', 'Group.Read.All', 'GroupMember.Read.All', 'Directory.Read.All', ...writers],
    createGroups: ['Group.Create', ...writers],
    writeGroups: writers,
    deleteGroups: ['Group.ReadWrite.All'],
    readGroupMembers: ['GroupMember.ReadBasic.All', 'Group.ReadBasic.All', ...memberReaders],
    writeGroupMembers: ['GroupMember.ReadWrite.All', ...writers],
    readGroupOwners: memberReaders,
    writeGroupOwners: writers,
    readGroupPhotos: photoReaders,
    writeGroupPhotos: ['ProfilePhoto.ReadWrite.All', 'Group.ReadWrite.All'],
  },
  granted: ['Group.ReadWrite.All', 'Group.Read.All'],
  routes: {
    'GET groups': all('readGroups', listGroups),
    'GET groups/$count': all('readGroups', countGroups),
    'POST groups': all('createGroups', createGroup),
    [`GET ${group}`]: one('readGroups', getGroup),
    [`PATCH ${group}`]: one('writeGroups', updateGroup),
    [`DELETE ${group}`]: one('deleteGroups', deleteGroup),
    ...side('members', 'readGroupMembers', 'writeGroupMembers', 'member'),
    ...side('owners', 'readGroupOwners', 'writeGroupOwners', 'owner'),
    [`GET ${group}/photo`]: one('readGroupPhotos', getPhoto),
    [`GET ${group}/photo/$value`]: one('readGroupPhotos', getPhotoValue, 1, true),
    [`PUT ${group}/photo/$value`]: one('writeGroupPhotos', putPhoto),
    [`DELETE ${group}/photo/$value`]: one('writeGroupPhotos', deletePhoto),
  },
}
