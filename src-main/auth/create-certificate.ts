import { createHash, generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import forge from 'node-forge'
import type { SigningCertificate } from './certificate.ts'

export interface CertificateRequest {
  readonly keyBits: 2048 | 3072
  /** Milliseconds since 1970. */
  readonly now: number
  /** Common name; shown in the app registration. */
  readonly name: string
}

/** A key pair for an application. `signing` has the private key; the rest is for the app registration. */
export interface NewCertificate {
  readonly signing: SigningCertificate
  /** The public part. */
  readonly pem: string
  readonly der: Uint8Array
  /** Hex in capitals, as the app registration shows it. */
  readonly thumbprintSha1: string
  readonly thumbprintSha256: string
  /** Milliseconds since 1970. */
  readonly notAfter: number
}

const { asn1, md, pki } = forge
const years = 2
/** Clocks of other machines may be a little behind. */
const earlierMs = 5 * 60_000

/** Makes an RSA key and a certificate that it signs itself, good for two years. */
export async function createCertificate({ keyBits, now, name }: CertificateRequest): Promise<NewCertificate> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: keyBits })
  const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const notAfter = inYears(now, years)
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString())
  certificate.serialNumber = serialNumber()
  certificate.validity.notBefore = new Date(now - earlierMs)
  certificate.validity.notAfter = notAfter
  const subject = [{ name: 'commonName', value: name }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
    { name: 'subjectKeyIdentifier' },
  ])
  certificate.sign(pki.privateKeyFromPem(pkcs1), md.sha256.create())
  const der = Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), 'binary')
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(der).digest('hex')
  return {
    signing: {
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      thumbprintSha256: thumbprint('sha256'),
    },
    pem: pki.certificateToPem(certificate).replaceAll('\r\n', '\n'),
    der,
    thumbprintSha1: thumbprint('sha1').toUpperCase(),
    thumbprintSha256: thumbprint('sha256').toUpperCase(),
    notAfter: notAfter.getTime(),
  }
}

/** Positive, and never the same twice. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function inYears(now: number, count: number): Date {
  const date = new Date(now)
  date.setUTCFullYear(date.getUTCFullYear() + count)
  return date
}
