import { repositoryFailureTexts } from './failures-repository.ts'
import { signInFailureTexts } from './failures-sign-in.ts'
import type { WindowSentence, WindowSentences } from './window-sentence.ts'

const general: WindowSentences = {
  'ipc.refused': { otherwise: 'The window asked for something that it may not do: start Holdfast again.' },
  'ipc.malformed': { otherwise: 'Part of what was entered cannot be used: correct it and try again.' },
  'engine.stopped': {
    otherwise: 'The engine stopped in the middle of this. It starts again by itself: try again in a moment.',
  },
  internal: {
    otherwise: 'Holdfast met an error of its own: try again; if it comes back, report it with the log of the profile.',
  },
  cancelled: {
    reasons: { restore: 'Stopped: what was restored until then stays; restoring again adds the rest.' },
    otherwise: 'Stopped.',
  },
  usage: {
    reasons: {
      'secret-or-certificate': 'Signing in takes either a client secret or a certificate: give one of them.',
      'no-path': 'It is not clear what is to be restored: select something in the snapshot.',
      'destination-no-group': 'The destination names no group: choose it again.',
      'destination-drive-and-user': 'The destination names a drive and a user: choose it again.',
    },
    otherwise: 'These entries do not fit together: correct them and try again.',
  },
  'graph.unreachable': {
    otherwise: [
      'Microsoft Graph at {service} cannot be reached: check the connection, then try again.',
      'Microsoft Graph cannot be reached: check the connection, then try again.',
    ],
  },
  'graph.throttled': { otherwise: 'Microsoft Graph asks to send less for now: try again in some minutes.' },
  'graph.cursor-lost': {
    otherwise: 'Microsoft Graph has forgotten where the last run ended: run it again, it lists anew.',
  },
  'graph.item-infected': {
    otherwise:
      'Microsoft 365 found malware in a file and does not hand it out: clean or delete it there, or leave it out of the plan.',
  },
  'graph.request-refused': {
    otherwise: [
      'Microsoft Graph refused a request ({graphCode}): try again; if it comes back, report it with the log of the profile.',
      'Microsoft Graph refused a request: try again; if it comes back, report it with the log of the profile.',
    ],
  },
  'graph.conflict': { otherwise: 'Somebody else changed the same thing in Microsoft 365 at the same time: try again.' },
  'graph.service-failed': { otherwise: 'Microsoft Graph has a fault at the moment: try again later.' },
  'graph.stalled': { otherwise: 'Microsoft Graph stopped answering: try again later.' },
  'graph.upload-damaged': { otherwise: 'A file arrived damaged in Microsoft 365: try again.' },
  'graph.locked': { otherwise: 'It is locked: ask the administrator of SharePoint to unlock it, then try again.' },
  'settings.newer': {
    otherwise: [
      'A newer Holdfast (settings of version {version}) wrote the profile: use that one.',
      'A newer Holdfast wrote the profile: use that one.',
    ],
  },
}

/** What a check or a restore drill found: no errors, but told like them beside a plan. */
const findings: Readonly<Record<'check' | 'drill', WindowSentence>> = {
  check: {
    otherwise: [
      'Problems that the last check found: {problems}. A new run stores what is still in Microsoft 365 again.',
      'The last check found problems. A new run stores what is still in Microsoft 365 again.',
    ],
  },
  drill: {
    otherwise: [
      'Of {items} items that the last restore drill tried, {failed} could not be restored: check the destination.',
      'The last restore drill could not restore everything: check the destination.',
    ],
  },
}

/** Sentences of failures as the window says them, and what the buttons beside a failure say. */
export const failureTexts = {
  findings,
  byCode: { ...general, ...signInFailureTexts, ...repositoryFailureTexts } satisfies WindowSentences as WindowSentences,
  tryAgain: 'Try again',
  signInAgain: 'Sign in again',
}
