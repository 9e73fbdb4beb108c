import { readFile } from 'node:fs/promises'
import { unreadable } from './certificate-file.ts'
import { readPem } from './pem-certificate.ts'
import { readPkcs12 } from './pkcs12-certificate.ts'

/** What signs the application in, as MSAL takes it. */
export interface SigningCertificate {
  /** PKCS#8 PEM, not encrypted. */
  readonly privateKey: string
  /** SHA-256 over the certificate's DER, in hex (the token request's x5t#S256). */
  readonly thumbprintSha256: string
}

export interface CertificateFile {
  readonly path: string
  readonly password?: string | undefined
}

/** MSAL signs with RSA-PSS, and refuses shorter keys. */
const shortestKeyBits = 2048

/**
 * Reads a PEM file (private key and certificate) or a PKCS#12 file (.pfx, .p12), encrypted or not.
 * Rejects with `auth.certificate-unreadable` (context `reason`) or `auth.certificate-password`
 * (context `reason`: `missing` or `wrong`).
 */
export async function readCertificate({ path, password }: CertificateFile): Promise<SigningCertificate> {
  const bytes = await readBytes(path)
  const parts = looksLikePem(bytes) ? readPem(bytes.toString('latin1'), password) : readPkcs12(bytes, password)
  const { key } = parts
  if (key.asymmetricKeyType !== 'rsa') throw unreadable('key-not-rsa')
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < shortestKeyBits) throw unreadable('key-too-short')
  // A chain comes along in many files; the application's own certificate is the one with this key.
  const own = parts.certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (own === undefined) throw unreadable(parts.certificates.length === 0 ? 'no-certificate' : 'key-does-not-fit')
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    thumbprintSha256: own.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw unreadable(code === 'ENOENT' ? 'no-file' : 'no-access', error)
  }
}

function looksLikePem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ')
}
