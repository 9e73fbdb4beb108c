import type { WindowSentences } from './window-sentence.ts'

const keychain = 'On Linux, start gnome-keyring or KWallet in this session'

export const signInFailureTexts: WindowSentences = {
  'auth.certificate-unreadable': {
    reasons: {
      'no-file': [
        'There is no certificate file at {certificate}: choose it again.',
        'There is no such certificate file: choose it again.',
      ],
      'no-access': [
        'The certificate file {certificate} cannot be read: check its access rights.',
        'The certificate file cannot be read: check its access rights.',
      ],
    },
    otherwise:
      'The certificate file cannot be used: choose one that holds certificate and private key (PEM or PKCS#12).',
  },
  'auth.certificate-password': {
    reasons: {
      missing: 'The certificate file is protected by a password: enter it.',
      wrong: 'The password does not open the certificate file: correct it.',
    },
    otherwise: 'The password of the certificate file is missing or wrong: enter it again.',
  },
  'auth.unreachable': {
    otherwise: [
      'The sign-in service at {service} cannot be reached: check the connection, then try again.',
      'The sign-in service cannot be reached: check the connection, then try again.',
    ],
  },
  'auth.failed': {
    reasons: {
      'unknown-tenant': 'Microsoft does not know this tenant: check it.',
      'unknown-application':
        'Microsoft does not know this application in the tenant: check the client ID and the tenant.',
      'unknown-resource': 'The tenant does not know the service that was asked for: check the cloud.',
      'other-audience':
        'The app registration is not meant for this kind of account: change “Supported account types” in it, or enter the right tenant.',
    },
    otherwise: [
      'Signing in failed (AADSTS{aadsts}): check tenant, client ID and secret or certificate.',
      'Signing in failed: check tenant, client ID and secret or certificate.',
    ],
  },
  'auth.sign-in-again': {
    reasons: {
      expired: [
        'The sign-in of the account “{account}” has expired: sign in again.',
        'The sign-in has expired: sign in again.',
      ],
      revoked: [
        'The sign-in of the account “{account}” was ended (a new password, or an administrator): sign in again.',
        'The sign-in was ended (a new password, or an administrator): sign in again.',
      ],
      consent: [
        'The account “{account}” has not given its consent to the application, or has taken it back: sign in again.',
        'The consent to the application is missing or was taken back: sign in again.',
      ],
      'second-factor': [
        'Microsoft wants a second proof from the account “{account}”: sign in again.',
        'Microsoft wants a second proof: sign in again.',
      ],
      policy: [
        'The tenant’s rules refuse the account “{account}” as it signed in (AADSTS{aadsts}): sign in again from a machine that they allow.',
        'The tenant’s rules refuse this sign-in: sign in again from a machine that they allow.',
      ],
      'signed-out': ['The account “{account}” is not signed in: sign in.', 'Nobody is signed in: sign in.'],
    },
    otherwise: ['Microsoft wants the account “{account}” to sign in again.', 'Microsoft wants you to sign in again.'],
  },
  'auth.declined': {
    reasons: {
      'timed-out': 'Nobody signed in in time: try again.',
      'window-closed': 'The sign-in window was closed before the sign-in was over: sign in again.',
      'no-window': 'The sign-in window could not be opened: sign in with a code.',
      'no-browser': 'No browser could be opened: sign in in a window of Holdfast, or with a code.',
      'state-differs':
        'The answer of the sign-in page does not belong to this sign-in: close the browser window and try again.',
    },
    otherwise: 'The sign-in was declined: try again and accept what the application asks for.',
  },
  'auth.no-account': {
    otherwise: [
      'There is no account “{account}” on this machine: add it under Accounts.',
      'There is no such account on this machine: add it under Accounts.',
    ],
  },
  'auth.account-taken': {
    reasons: {
      'other-person': [
        'Somebody else signed in than the account “{account}” stands for: sign in as that person, or choose another name.',
        'Somebody else signed in than that account stands for: sign in as that person, or choose another name.',
      ],
    },
    otherwise: [
      'There is an account “{account}” already: choose another name.',
      'There is an account of that name already: choose another name.',
    ],
  },
  'secrets.no-keychain': {
    reasons: {
      'not-supported':
        'The keychain of this operating system cannot be used, so that there is no safe place for secrets.',
      'not-set-up':
        'The keychain has no keyring yet: sign in to the desktop once so that it makes one, then try again.',
    },
    otherwise: `There is no keychain to keep secrets in. ${keychain}, then try again.`,
  },
  'secrets.keychain-locked': {
    otherwise: 'The keychain is locked or refuses access: unlock it, allow Holdfast to use it, and try again.',
  },
  'secrets.failed': {
    reasons: {
      'parts-missing': 'A secret in the keychain is incomplete: remove the account and sign in again.',
      'not-readable': 'What is kept of an account cannot be read: remove the account and sign in again.',
    },
    otherwise: 'The keychain has a fault: unlock it or restart it, then try again.',
  },
  'secrets.vault-passphrase': { otherwise: 'The passphrase does not open the vault file: correct it.' },
  'secrets.vault-damaged': { otherwise: 'The vault file is damaged or is none: put it back from a copy.' },
  'secrets.vault-busy': { otherwise: 'Another program is writing to the vault file: try again.' },
  'secrets.vault-file': {
    otherwise: [
      'The vault file {place} cannot be used ({errno}): check the access to that folder.',
      'The vault file cannot be used: check the access to its folder.',
    ],
  },
}
