import type { SentencesOf } from './sentence.ts'

export const repositorySentences: SentencesOf<'repository'> = {
  'repository.not-found': [
    'There is no repository in {place}: check the path, or make one there with "holdfast init".',
    'There is no repository: check the path, or make one there with "holdfast init".',
  ],
  'repository.exists': [
    'There is a repository in {place} already: use it, or choose another folder for a new one.',
    'There is a repository already: use it, or choose another folder for a new one.',
  ],
  'repository.wrong-passphrase': {
    reasons: {
      'not-kept': [
        'No passphrase for {place} is kept on this machine: enter it in the desktop application, under Destinations.',
        'No passphrase for the repository is kept on this machine: enter it in the desktop application, under Destinations.',
      ],
    },
    otherwise: [
      'The passphrase does not open the repository in {place}: check it and try again.',
      'The passphrase does not open the repository: check it and try again.',
    ],
  },
  'repository.nothing-kept': [
    'These rules would keep no snapshot at all of {paths}, so nothing was removed: add a rule that does, e.g. --keep-last 1.',
    'These rules would keep no snapshot at all of a series, so nothing was removed: add a rule that does.',
  ],
  'repository.locked': [
    'The repository is locked by process {pid} on {hostname}, for {ageMinutes} minutes: wait until it is done, or run "holdfast unlock" if it is not running any more.',
    'The repository is locked by another program: wait until it is done, or run "holdfast unlock" if it is not running any more.',
  ],
  'repository.version': [
    'The repository has format version {version}, and Holdfast works with version 2: upgrade it with "restic migrate upgrade_repo_v2", or use a newer Holdfast.',
    'The repository has another format version than 2: upgrade it with restic, or use a newer Holdfast.',
  ],
  'repository.config-damaged':
    'The file "config" of the repository is damaged: put it back from a copy, or run "holdfast repair config".',
  'repository.key-damaged': {
    reasons: { 'no key file': 'The repository has no key file left: put the folder "keys" back from a copy of it.' },
    otherwise: 'A key file of the repository is damaged: use another passphrase of it, or put it back from a copy.',
  },
  'repository.index-damaged': [
    'Index file {file} of the repository is damaged: run "holdfast repair index", which makes it anew from the packs.',
    'An index file of the repository is damaged: run "holdfast repair index", which makes it anew from the packs.',
  ],
  'repository.snapshot-damaged': [
    'The snapshot file {file} is damaged: use another snapshot, or put the file back from a copy of the repository.',
    'A snapshot file is damaged: use another snapshot, or put the file back from a copy of the repository.',
  ],
  'repository.lock-damaged':
    'A lock file of the repository cannot be read: if nothing else uses the repository, run "holdfast unlock --remove-all".',
  'repository.pack-missing':
    'A pack file of the repository is missing: put it back from a copy, or run "holdfast check" to see what is affected.',
  'repository.pack-truncated':
    'A pack file of the repository is cut short: put it back from a copy, or run "holdfast check" to see what is affected.',
  'repository.pack-damaged':
    'A pack file of the repository is damaged: put it back from a copy, or run "holdfast check --read-data" to see what is affected.',
  'repository.blob-damaged':
    'Stored data is damaged: put the pack back from a copy, or run "holdfast check --read-data" to see what is affected.',
  'repository.blob-missing':
    'Stored data is missing in the repository: run "holdfast check" to see what is affected; the next backup reads it again where it still exists.',
  'repository.tree-damaged':
    'A folder of the snapshot is damaged in the repository: run "holdfast check" to see what is affected.',
  'repository.snapshot-not-found': {
    reasons: {
      'not an id': 'That is no snapshot: give "latest" or the beginning of an id as "holdfast snapshots" shows it.',
      'too short': 'That is too little of a snapshot id: give at least four digits of it.',
      'no snapshots': 'The repository has no snapshot yet: run "holdfast backup" first.',
    },
    otherwise: 'There is no such snapshot: "holdfast snapshots" shows those that there are.',
  },
  'repository.path-not-found': [
    'The snapshot has no "{path}": "holdfast ls" shows what it has.',
    'The snapshot has no such path: "holdfast ls" shows what it has.',
  ],
  'repository.self-check-failed':
    'What was just encrypted could not be read back, so it was not stored: test the memory of this machine before it runs again.',
  'repository.lock-lost':
    'The lock on the repository was lost (the machine slept, or somebody removed it): run the command again, it goes on where it stopped.',
  'repository.snapshot-ambiguous': [
    'That beginning fits {matches} snapshots: give more digits of the id.',
    'That beginning fits several snapshots: give more digits of the id.',
  ],
}
