import type { ErrorCode } from '../../model/error-codes.ts'
import type { Sentence } from './sentence.ts'

export const generalSentences: Readonly<Record<Exclude<ErrorCode, `${string}.${string}`>, Sentence>> = {
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
      'destination-scheme': 'The destination is no URL of OneDrive, a group or SharePoint.',
      'destination-no-folder': [
        'The destination names no folder: write for example {example}.',
        'The destination names no folder.',
      ],
      'destination-no-library': [
        'The destination must name host, site and library: write for example {example}.',
        'The destination must name host, site and library.',
      ],
      'destination-percent': [
        'A "%" in the {scheme} destination does not begin a percent-encoded character: write %25 for a percent sign.',
        'A "%" in the destination does not begin a percent-encoded character: write %25 for a percent sign.',
      ],
      'destination-name': [
        'OneDrive and SharePoint take no folder named "{name}": leave out " * : < > ? / \\ |, and spaces and dots at the end.',
        'OneDrive and SharePoint take no folder of that name: leave out " * : < > ? / \\ |, and spaces and dots at the end.',
      ],
      'destination-parameter': [
        'A {scheme} destination takes no "{parameter}": it takes {known}.',
        'The destination takes no such parameter.',
      ],
      'destination-parameter-empty': [
        'The parameter "{parameter}" of the destination is empty: give it a value, or leave it out.',
        'A parameter of the destination is empty: give it a value, or leave it out.',
      ],
      'destination-parameter-twice': [
        'The destination has the parameter "{parameter}" twice: leave one out.',
        'The destination has a parameter twice: leave one out.',
      ],
      'destination-no-group':
        'The destination names no group: add group-id=<id> or group-email=<address> behind the "?".',
      'destination-drive-and-user': 'The destination names a drive and a user: leave out drive-id or user.',
      'fragment-size': 'A fragment has from 320 KiB to 60 MiB: correct --fragment-size.',
      'fragment-retry-count': 'The number of retries is a whole number from 0 on: correct --fragment-retry-count.',
      'fragment-retry-delay': 'The wait before a retry is at most an hour: correct --fragment-retry-delay.',
    },
    otherwise: 'These options do not fit together: "holdfast --help" shows what there is.',
  },
  internal: 'Holdfast met an error of its own: run the command again with --verbose and report what it prints.',
}
