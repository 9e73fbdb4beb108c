import type { SentencesOf } from './sentence.ts'

export const signInSentences: SentencesOf<'auth' | 'secrets'> = {
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
      'not-a-public-client':
        'The app registration does not let people sign in: set "Allow public client flows" to yes under "Authentication".',
      'redirect-address':
        'The app registration does not know where the browser comes back to: add http://localhost under "Authentication", as a platform "Mobile and desktop applications".',
      'other-audience':
        'The app registration is not meant for this kind of account: change "Supported account types" in it, or give the right --office365-tenant-id.',
      'account-disabled':
        'The account is disabled or deleted: let an administrator enable it, or sign in as somebody else.',
    },
    otherwise: [
      'Signing in failed (AADSTS{aadsts}): check tenant id, client id and secret or certificate.',
      'Signing in failed: check tenant id, client id and secret or certificate.',
    ],
  },
  'auth.sign-in-again': {
    reasons: {
      expired: [
        'The sign-in of the account "{account}" has expired: sign in again with "holdfast login --account {account}".',
        'The sign-in has expired: sign in again with "holdfast login".',
      ],
      revoked: [
        'The sign-in of the account "{account}" was ended (a new password, or an administrator): sign in again with "holdfast login --account {account}".',
        'The sign-in was ended (a new password, or an administrator): sign in again with "holdfast login".',
      ],
      consent: [
        'The account "{account}" has not given its consent to the application, or has taken it back: sign in again with "holdfast login --account {account}".',
        'The consent to the application is missing or was taken back: sign in again with "holdfast login".',
      ],
      'second-factor': [
        'Microsoft wants a second proof from the account "{account}": sign in again with "holdfast login --account {account}".',
        'Microsoft wants a second proof: sign in again with "holdfast login".',
      ],
      policy: [
        'The tenant\'s rules refuse the account "{account}" as it signed in (AADSTS{aadsts}): sign in again with "holdfast login --account {account}", from a machine that they allow.',
        'The tenant\'s rules refuse this sign-in: sign in again with "holdfast login", from a machine that they allow.',
      ],
      'signed-out': [
        'The account "{account}" is not signed in: sign in with "holdfast login --account {account}".',
        'Nobody is signed in: sign in with "holdfast login".',
      ],
    },
    otherwise: [
      'Microsoft wants the account "{account}" to sign in again: use "holdfast login --account {account}".',
      'Microsoft wants you to sign in again: use "holdfast login".',
    ],
  },
  'auth.declined': {
    reasons: {
      'timed-out': 'Nobody signed in in time: run "holdfast login" again.',
      'window-closed': 'The sign-in window was closed before the sign-in was over: sign in again.',
      'no-window': 'The sign-in window could not be opened: run "holdfast login --device-code".',
      'no-browser': 'No browser could be opened: run "holdfast login --device-code", and sign in on another machine.',
      'state-differs':
        'The answer of the sign-in page does not belong to this sign-in: close the browser window and run "holdfast login" again.',
    },
    otherwise: 'The sign-in was declined: run "holdfast login" again and accept what the application asks for.',
  },
  'auth.no-account': [
    'There is no account "{account}" on this machine: "holdfast accounts" lists them, "holdfast login --account {account}" adds it.',
    'There is no such account on this machine: "holdfast accounts" lists them, "holdfast login" adds one.',
  ],
  'auth.account-taken': {
    reasons: {
      'other-person': [
        'Somebody else signed in than the account "{account}" stands for: choose another name, or use "holdfast logout --account {account}" first.',
        'Somebody else signed in than that account stands for: choose another name, or log it out first.',
      ],
    },
    otherwise: [
      'There is an account "{account}" already: choose another name, or use "holdfast logout --account {account}" first.',
      'There is an account of that name already: choose another name, or log it out first.',
    ],
  },
  'secrets.no-keychain': {
    reasons: {
      'not-supported':
        'The keychain of this operating system cannot be used: keep secrets in a file that a passphrase encrypts, with --vault <file>.',
      'not-set-up':
        'The keychain has no keyring yet: sign in to the desktop once so that it makes one, or keep secrets in a file that a passphrase encrypts, with --vault <file>.',
    },
    otherwise:
      'There is no keychain here (on Linux: no Secret Service such as gnome-keyring or KWallet in this session): start one, or keep secrets in a file that a passphrase encrypts, with --vault <file>.',
  },
  'secrets.keychain-locked':
    'The keychain is locked or refuses access: unlock it and allow Holdfast to use it, or keep secrets in a file that a passphrase encrypts, with --vault <file>.',
  'secrets.failed': {
    reasons: {
      'parts-missing':
        'A secret in the keychain is incomplete: log the account out with "holdfast logout" and sign in again.',
      'not-ours': 'An entry in the keychain was changed by something else: remove it there, and sign in again.',
      'not-readable': 'What is kept of an account cannot be read: use "holdfast logout" for it, and sign in again.',
    },
    otherwise: 'The keychain has a fault: run the command again with --verbose to see which.',
  },
  'secrets.vault-passphrase':
    'The passphrase does not open the vault file (or the file was changed): correct HOLDFAST_VAULT_PASSPHRASE or --vault-passphrase-file.',
  'secrets.vault-damaged': {
    reasons: { version: 'The vault file was written by a later version of Holdfast: use that version.' },
    otherwise: 'The vault file is damaged or is none: check --vault, or put the file back from a copy.',
  },
  'secrets.vault-busy': 'Another program is writing to the vault file: run the command again.',
  'secrets.vault-file': [
    'The vault file {place} cannot be used ({errno}): check --vault and the access to that folder.',
    'The vault file cannot be used: check --vault and the access to that folder.',
  ],
}
