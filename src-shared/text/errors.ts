import type { ErrorCode } from '../model/error-codes.ts'
import { fillText, type TextTemplate, type TextValues } from './fill-text.ts'

/** A sentence that depends on the error's `reason`. */
interface ByReason {
  readonly reasons: Readonly<Record<string, TextTemplate>>
  readonly otherwise: TextTemplate
}

/** The last variant of each text needs no placeholder, so that there always is a sentence. */
type Sentence = TextTemplate | ByReason

/**
 * What a person reads of an error: what happened, and what to do next. Placeholders come from the error's context;
 * `place` (destination, target or profile folder) and `service` (address of Graph or of the sign-in) are added by who
 * shows it.
 */
const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  cancelled: {
    reasons: {
      backup: 'Stopped: what was read is kept, and the next run goes on from there.',
      restore: 'Stopped: what was restored until then stays, and the same command restores the rest.',
    },
    otherwise: 'Stopped: the same command can be run again.',
  },
  usage: {
    reasons: {
      'graph-base-url':
        'The base URL of Graph must begin with https:// (plain http only for this machine): correct --office365-graph-base-url.',
      'login-base-url':
        'The base URL of the sign-in must begin with https:// (plain http only for this machine): correct --office365-login-base-url.',
      'secret-or-certificate':
        'Signing in takes either a client secret or a certificate: give one of them, by HOLDFAST_OFFICE365_CLIENT_SECRET or --office365-certificate-path.',
      'key in use': 'This key opened the repository just now and cannot be removed: open it with another one.',
      'no-path': 'It is not clear what is to be restored: name a path of the snapshot ("holdfast ls" shows them).',
    },
    otherwise: 'These options do not fit together: "holdfast --help" shows what there is.',
  },
  internal: 'Holdfast met an error of its own: run the command again with --verbose and report what it prints.',
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
  'repository.not-found': [
    'There is no repository in {place}: check the path, or make one there with "holdfast init".',
    'There is no repository: check the path, or make one there with "holdfast init".',
  ],
  'repository.exists': [
    'There is a repository in {place} already: use it, or choose another folder for a new one.',
    'There is a repository already: use it, or choose another folder for a new one.',
  ],
  'repository.wrong-passphrase': [
    'The passphrase does not open the repository in {place}: check it and try again.',
    'The passphrase does not open the repository: check it and try again.',
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
    'The file "config" of the repository is damaged: put it back from a copy of the repository.',
  'repository.key-damaged': {
    reasons: { 'no key file': 'The repository has no key file left: put the folder "keys" back from a copy of it.' },
    otherwise: 'A key file of the repository is damaged: use another passphrase of it, or put it back from a copy.',
  },
  'repository.index-damaged': [
    'Index file {file} of the repository is damaged: run "restic repair index", which reads it anew from the packs.',
    'An index file of the repository is damaged: run "restic repair index", which reads it anew from the packs.',
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
  'auth.certificate-unreadable': {
    reasons: {
      'no-file': ['There is no certificate file at {certificate}: check --office365-certificate-path.'],
      'no-access': [
        'The certificate file {certificate} cannot be read: check --office365-certificate-path and its access rights.',
      ],
      'no-key': 'The certificate file has no private key: use one that holds certificate and key (PEM or PKCS#12).',
      'no-certificate':
        'The certificate file has no certificate: use one that holds certificate and key (PEM or PKCS#12).',
      'not-a-certificate-file':
        'The certificate file is neither PEM nor PKCS#12: use one that holds certificate and private key.',
      'key-not-rsa':
        'The key of the certificate is no RSA key: use a certificate with an RSA key of 2048 bits or more.',
      'key-too-short':
        'The key of the certificate is too short: use a certificate with an RSA key of 2048 bits or more.',
      'key-does-not-fit': 'Certificate and key in the certificate file do not belong together: use the matching pair.',
      damaged: 'The certificate file is damaged: put it back from a copy, or create a new certificate.',
    },
    otherwise: 'The certificate file cannot be used: check --office365-certificate-path.',
  },
  'auth.certificate-password': {
    reasons: {
      missing: 'The certificate file is protected by a password: give it by HOLDFAST_OFFICE365_CERTIFICATE_PASSWORD.',
      wrong: 'The password does not open the certificate file: correct HOLDFAST_OFFICE365_CERTIFICATE_PASSWORD.',
    },
    otherwise:
      'The password of the certificate file is missing or wrong: give it by HOLDFAST_OFFICE365_CERTIFICATE_PASSWORD.',
  },
  'auth.certificate-refused': {
    reasons: {
      'not-registered':
        'Microsoft does not know this certificate: add it to the app registration under "Certificates & secrets".',
      clock: 'Microsoft refused the certificate because the clock of this machine is wrong: set it and try again.',
    },
    otherwise: 'Microsoft refused the certificate: check that the app registration has it and that it has not expired.',
  },
  'auth.secret-refused': {
    reasons: {
      expired: 'The client secret has expired: create a new one in the app registration and use that.',
    },
    otherwise:
      'Microsoft refused the client secret: use the value of the secret (not its id) from the app registration.',
  },
  'auth.consent-missing':
    'The application has not been given consent in this tenant: let an administrator grant it in the app registration under "API permissions".',
  'auth.unreachable': [
    'The sign-in service at {service} cannot be reached: check the connection and --office365-login-base-url, then try again.',
    'The sign-in service cannot be reached: check the connection, then try again.',
  ],
  'auth.failed': {
    reasons: {
      'unknown-tenant': 'Microsoft does not know this tenant: check --office365-tenant-id.',
      'unknown-application': 'Microsoft does not know this application in the tenant: check --office365-client-id.',
      'unknown-resource':
        'The tenant does not know this scope: check --office365-scope and --office365-graph-base-url.',
    },
    otherwise: [
      'Signing in failed (AADSTS{aadsts}): check tenant id, client id and secret or certificate.',
      'Signing in failed: check tenant id, client id and secret or certificate.',
    ],
  },
  'graph.unreachable': [
    'Microsoft Graph at {service} cannot be reached: check the connection and --office365-graph-base-url, then run the command again.',
    'Microsoft Graph cannot be reached: check the connection, then run the command again.',
  ],
  'graph.throttled': 'Microsoft Graph asks to send less for now: run the command again in some minutes.',
  'graph.forbidden':
    "Microsoft Graph denies access: grant the application the permissions User.Read.All and Mail.ReadWrite with an administrator's consent, then try again.",
  'graph.not-found': 'What was asked for is not there in Microsoft 365 (any more): check the name or id.',
  'graph.no-mailbox': 'That user has no mailbox: choose a user with one, or assign a licence.',
  'graph.no-drive': 'That user has no OneDrive: choose a user with one, or assign a licence.',
  'graph.cursor-lost': 'Microsoft Graph has forgotten where the last run ended: run the command again, it lists anew.',
  'graph.item-infected':
    'Microsoft 365 found malware in a file and does not hand it out: clean or delete it there, or leave it out with --exclude.',
  'graph.item-unreadable': 'Microsoft Graph cannot read an item: it is tried again in the next run.',
  'graph.request-refused': [
    'Microsoft Graph refused a request ({graphCode}): run the command again with --verbose and report what it prints.',
    'Microsoft Graph refused a request: run the command again with --verbose and report what it prints.',
  ],
  'graph.conflict': 'Somebody else changed the same thing in Microsoft 365 at the same time: run the command again.',
  'graph.service-failed': 'Microsoft Graph has a fault at the moment: run the command again later.',
  'graph.stalled': 'Microsoft Graph stopped answering: run the command again later.',
  'graph.not-for-app-only':
    'Microsoft Graph gives this kind of data to no application on its own: sign in as the user to back it up.',
  'graph.drive-full':
    'The drive is full: make room in it and run the same command again, what was restored until then stays.',
  'graph.upload-damaged': 'A file arrived damaged in Microsoft 365: run the command again.',
  'graph.no-planner': 'That user has no Planner: choose a user with it, or assign a licence.',
  'restore.no-plan':
    'The plan is not there any more, and there is no group to make it in: name a group that takes the restored plans.',
  'restore.planner-limit':
    'Planner takes no more of this: remove plans, buckets or tasks that are not needed, then run the command again.',
  'restore.target-not-found': [
    'The tenant has no user "{target}": check the name or id in --restore-path.',
    'The tenant has no such user: check the name or id.',
  ],
  'restore.target-exists': 'Something else is there already: restore into another folder, nothing is overwritten.',
  'restore.nothing-to-restore':
    'The chosen paths hold nothing that can be restored to a tenant: choose a mailbox or a folder in it ("holdfast ls" shows them).',
  'restore.unsafe-name': 'A name in the snapshot would lead out of the target folder: it was left out.',
  'repository.lock-lost':
    'The lock on the repository was lost (the machine slept, or somebody removed it): run the command again, it goes on where it stopped.',
  'repository.snapshot-ambiguous': [
    'That beginning fits {matches} snapshots: give more digits of the id.',
    'That beginning fits several snapshots: give more digits of the id.',
  ],
}

/** The sentence for an error. */
export function errorSentence(code: ErrorCode, context: TextValues = {}): string {
  const sentence = sentences[code]
  const template = isByReason(sentence) ? byReason(sentence, context) : sentence
  return fillText(template, context) ?? fillText(lastOf(sentence), context) ?? fallback
}

const fallback = 'Holdfast cannot go on: run the command again with --verbose to see why.'

function isByReason(sentence: Sentence): sentence is ByReason {
  return typeof sentence === 'object' && 'reasons' in sentence
}

function byReason({ reasons, otherwise }: ByReason, context: TextValues): TextTemplate {
  const { reason } = context
  return (typeof reason === 'string' && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? otherwise
}

function lastOf(sentence: Sentence): TextTemplate {
  return isByReason(sentence) ? sentence.otherwise : sentence
}
