import type { WindowSentences } from './window-sentence.ts'

const check = 'check the destination to see what is affected'

export const repositoryFailureTexts: WindowSentences = {
  'repository.not-found': {
    otherwise: [
      'There is no repository in {place}: check that the disk is connected, or choose the place again.',
      'There is no repository: check that the disk is connected, or choose the place again.',
    ],
  },
  'repository.wrong-passphrase': {
    reasons: {
      'not-kept': [
        'No passphrase for {place} is kept on this machine: enter it under Destinations.',
        'No passphrase for that destination is kept on this machine: enter it under Destinations.',
      ],
    },
  },
  'repository.locked': {
    otherwise: [
      'The repository is used by another program on {hostname}, for {ageMinutes} minutes: wait until it is done, then try again.',
      'The repository is used by another program: wait until it is done, then try again.',
    ],
  },
  'repository.config-damaged': {
    otherwise: 'The file “config” of the repository is damaged: put it back from a copy.',
  },
  'repository.index-damaged': {
    otherwise: [
      `Index file {file} of the repository is damaged: ${check}.`,
      `An index file of the repository is damaged: ${check}.`,
    ],
  },
  'repository.lock-damaged': {
    otherwise:
      'A lock file of the repository cannot be read: if nothing else uses the repository, remove it from the folder “locks”.',
  },
  'repository.pack-missing': {
    otherwise: `A pack file of the repository is missing: put it back from a copy, or ${check}.`,
  },
  'repository.pack-truncated': {
    otherwise: `A pack file of the repository is cut short: put it back from a copy, or ${check}.`,
  },
  'repository.pack-damaged': {
    otherwise: `A pack file of the repository is damaged: put it back from a copy, or ${check}.`,
  },
  'repository.blob-damaged': { otherwise: `Stored data is damaged: put the pack back from a copy, or ${check}.` },
  'repository.blob-missing': {
    otherwise: `Stored data is missing in the repository: ${check}; the next run reads it again where it still exists.`,
  },
  'repository.tree-damaged': { otherwise: `A folder of the snapshot is damaged in the repository: ${check}.` },
  'repository.snapshot-not-found': {
    reasons: { 'no snapshots': 'The repository has no snapshot yet: run the plan first.' },
    otherwise: 'There is no such snapshot any more: choose another one.',
  },
  'repository.path-not-found': {
    otherwise: [
      'The snapshot has no “{path}”: choose something else.',
      'The snapshot does not have that: choose something else.',
    ],
  },
  'repository.lock-lost': {
    otherwise:
      'The lock on the repository was lost (the machine slept, or somebody removed it): run it again, it goes on where it stopped.',
  },
  'restore.planner-limit': {
    otherwise: 'Planner takes no more of this: remove plans, buckets or tasks that are not needed, then restore again.',
  },
  'restore.channel-importing': {
    otherwise:
      'Another program is importing messages into a channel of the team: wait until it is done, then restore again.',
  },
  'restore.channel-refused': {
    otherwise:
      'A channel could not be made in the team: look whether the team has too many, or make it in Microsoft Teams, then restore again.',
  },
  'restore.target-not-found': {
    otherwise: [
      'The tenant has no {kind} “{target}”: choose the target again.',
      'The tenant has no such target: choose it again.',
    ],
  },
  'restore.nothing-to-restore': {
    otherwise: 'What is selected holds nothing that can be restored to a tenant: select a mailbox or a folder in it.',
  },
  'store.not-found': {
    otherwise: [`A file that should be in {place} is missing: ${check}.`, `A file is missing: ${check}.`],
  },
  'store.full': {
    otherwise: [
      'There is no room left in {place}: make room and try again, what is stored already is used.',
      'There is no room left on the disk: make room and try again, what is stored already is used.',
    ],
  },
  'store.unreachable': {
    otherwise: [
      '{place} cannot be reached ({errno}): check the disk or the connection, then try again.',
      '{place} cannot be reached: check the disk or the connection, then try again.',
      'The destination cannot be reached: check the disk or the connection, then try again.',
    ],
  },
  'store.failed': {
    otherwise: [
      '{place} cannot be used ({errno}): check the path and the disk, then try again.',
      '{place} cannot be used: check the path and the disk, then try again.',
      'A file could not be read or written: check the path and the disk, then try again.',
    ],
  },
  'store.append-only': { otherwise: 'The destination is used for adding only: nothing there is removed or replaced.' },
  'store.no-drive': {
    reasons: {
      'groups-differ': 'The address and the id of the destination belong to different groups: choose the group again.',
      'group-not-found': [
        'The tenant has no group “{group}”: choose another one.',
        'The tenant has no such group: choose another one.',
      ],
      'group-ambiguous': [
        'Several groups have the address “{group}”: choose it from the list.',
        'Several groups have that address: choose it from the list.',
      ],
      'nobody-signed-in': 'An application has no OneDrive of its own: choose whose OneDrive it is.',
      'drive-not-found': 'There is no such library, or the account may not use it: choose another one.',
      'library-ambiguous': 'Several libraries have that name: choose it from the list.',
      'library-differs': 'The library was moved or renamed: choose it again.',
      'sites-differ': 'The site was moved or renamed: choose it again.',
    },
  },
  'catalog.full': {
    otherwise: [
      'There is no room left for the catalog in {place}: make room there.',
      'There is no room left for the catalog: make room on the disk of the profile.',
    ],
  },
  'catalog.failed': {
    otherwise: [
      'The catalog in {place} cannot be opened or written: check the access to that folder.',
      'The catalog cannot be opened or written: check the access to the folder of the profile.',
    ],
  },
}
