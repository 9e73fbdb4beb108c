import type { SentencesOf } from './sentence.ts'

export const storeSentences: SentencesOf<'store' | 'catalog'> = {
  'store.not-found': [
    'A file that should be in {place} is missing: run "holdfast check" to see what is affected.',
    'A file is missing: run "holdfast check" to see what is affected.',
  ],
  'store.permission': [
    'Access to {place} is denied: give the user that runs Holdfast the right to use it, or choose another place.',
    'Access to a file or folder is denied: give the user that runs Holdfast the right to use it.',
  ],
  'store.full': [
    'There is no room left in {place}: make room and run the command again, what is stored already is used.',
    'There is no room left on the disk: make room and run the command again, what is stored already is used.',
  ],
  'store.read-only': [
    '{place} is read-only: make it writable, or choose another place.',
    'The disk is read-only: make it writable, or choose another place.',
  ],
  'store.unreachable': [
    '{place} cannot be reached ({errno}): check the disk or the connection, then run the command again.',
    '{place} cannot be reached: check the disk or the connection, then run the command again.',
    'The destination cannot be reached: check the disk or the connection, then run the command again.',
  ],
  'store.failed': [
    '{place} cannot be used ({errno}): check the path and the disk, then run the command again.',
    '{place} cannot be used: check the path and the disk, then run the command again.',
    'A file could not be read or written: check the path and the disk, then run the command again.',
  ],
  'catalog.damaged': [
    'The catalog in {place} is damaged: remove the folder "catalogs" there, it is built anew from the repository.',
    'The catalog is damaged: remove it from the profile folder, it is built anew from the repository.',
  ],
  'catalog.busy':
    'Another Holdfast is writing to the catalog of this repository: wait until it is done, then try again.',
  'catalog.full': [
    'There is no room left for the catalog in {place}: make room there, or choose another folder with --profile.',
    'There is no room left for the catalog: make room, or choose another folder with --profile.',
  ],
  'catalog.failed': [
    'The catalog in {place} cannot be opened or written: check the access to that folder, or choose another one with --profile.',
    'The catalog cannot be opened or written: check the access to the profile folder, or choose another one with --profile.',
  ],
  'store.append-only':
    'The destination is used for adding only, nothing is removed or replaced: run the command without --append-only, where that is allowed.',
  'store.no-drive': {
    reasons: {
      'groups-differ': [
        'group-id={groupId} and group-email={groupEmail} are different groups (that address belongs to {found}): leave out one of the two.',
        'group-id and group-email of the destination are different groups: leave out one of the two.',
      ],
      'group-not-found': [
        'The tenant has no group "{group}": check group-id or group-email of the destination.',
        'The tenant has no such group: check group-id or group-email of the destination.',
      ],
      'group-ambiguous': [
        'Several groups have the address "{group}" ({found}): give one of these ids as group-id.',
        'Several groups have that address: give group-id.',
      ],
      'group-without-drive': [
        'The group {group} has no files: choose a Microsoft 365 group, and open its files once in the browser if it is new.',
        'That group has no files: choose a Microsoft 365 group.',
      ],
      'user-without-drive': [
        'The user "{user}" has no OneDrive: assign a licence, open OneDrive once in the browser, or choose another place.',
        'That user has no OneDrive: assign a licence, or choose another place.',
      ],
      'account-without-drive':
        'The account has no OneDrive: open OneDrive once in the browser, or choose another place.',
      'nobody-signed-in':
        'An application has no OneDrive of its own: name a drive with drive-id or a user with user, or sign in as a person and give authid.',
      'drive-not-found': [
        'There is no drive {drive}, or the account may not use it: check drive-id.',
        'There is no such drive, or the account may not use it: check drive-id.',
      ],
      'site-not-found': [
        'There is no site {site}, or the account may not use it: check host and site path of the destination.',
        'There is no such site, or the account may not use it: check host and site path of the destination.',
      ],
      'no-library-named': [
        'The destination names only the site {site}: put the name of a library and a folder behind it.',
        'The destination names only a site: put the name of a library and a folder behind it.',
      ],
      'library-not-found': [
        'The site {site} has no library "{library}": write its name as SharePoint shows it, or as it is in its address.',
        'The site has no such library: write its name as SharePoint shows it, or as it is in its address.',
      ],
      'library-ambiguous': [
        'Several libraries are called "{library}" ({found}): give one of these ids as drive-id.',
        'Several libraries have that name: give drive-id.',
      ],
      'library-differs': [
        'drive-id={drive} is not the library that the path {path} leads to: correct one of the two.',
        'drive-id is not the library that the path leads to: correct one of the two.',
      ],
      'sites-differ': [
        'site-id={site} is not the site that the path {path} leads to: correct one of the two.',
        'site-id is not the site that the path leads to: correct one of the two.',
      ],
    },
    otherwise: 'The drive of the destination cannot be found: check its URL.',
  },
}
