import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { passwordRefused, unreadable, type CertificateParts } from './certificate-file.ts'

type Bag = forge.pkcs12.Bag

const { asn1, pkcs12, pki } = forge

/**
 * The private key and the certificates of a PKCS#12 file, whichever of its usual encryptions it has. Throws
 * `auth.certificate-*`. Node's own reader does not hand out the key, hence node-forge.
 */
export function readPkcs12(bytes: Buffer, password: string | undefined): CertificateParts {
  const pfx = open(parse(bytes), password)
  const bags = pfx.safeContents.flatMap(({ safeBags }) => safeBags)
  const isKey = ({ type }: Bag): boolean => type === pki.oids.keyBag || type === pki.oids.pkcs8ShroudedKeyBag
  const keyBag = bags.find(isKey)
  if (keyBag === undefined) throw unreadable('no-key')
  const certificates = bags.filter(({ type }) => type === pki.oids.certBag).map(readCertificate)
  return { key: readKey(keyBag), certificates }
}

function parse(bytes: Buffer): forge.asn1.Asn1 {
  try {
    return asn1.fromDer(bytes.toString('binary'))
  } catch (error) {
    throw unreadable('not-a-certificate-file', error)
  }
}

/** Without a password, both of the ways in which files say "none" are tried. */
function open(file: forge.asn1.Asn1, password: string | undefined): forge.pkcs12.Pkcs12Pfx {
  const candidates = password === undefined || password === '' ? ['', undefined] : [password]
  const failures: unknown[] = []
  for (const candidate of candidates) {
    try {
      return pkcs12.pkcs12FromAsn1(file, false, candidate)
    } catch (error) {
      failures.push(error)
    }
  }
  const isRefused = failures.some((error) => isPasswordFailure(error) || (lacksMac(file) && isNonsense(error)))
  throw isRefused ? passwordRefused(password) : unreadable('not-a-certificate-file', failures[0])
}

/** node-forge has messages only. The second and third come from files without a MAC. */
function isPasswordFailure(error: unknown): boolean {
  return error instanceof Error && /invalid password|wrong password|failed to decrypt/i.test(error.message)
}

/** A version and contents, and nothing behind them: https://www.rfc-editor.org/rfc/rfc7292#section-4 */
function lacksMac({ value }: forge.asn1.Asn1): boolean {
  if (!Array.isArray(value)) return false
  const types = value.map(({ type }) => type)
  return types.length === 2 && types[0] === asn1.Type.INTEGER && types[1] === asn1.Type.SEQUENCE
}

/**
 * One wrong password in 256 leaves a padding that looks right, and nonsense before it, which shows only when it is read.
 * An algorithm that node-forge does not know is another matter: it names it.
 */
function isNonsense(error: unknown): boolean {
  return error instanceof Error && !('oid' in error)
}

function readKey(bag: Bag): KeyObject {
  // node-forge leaves the key out when it is not an RSA key.
  if (bag.key === undefined || (bag.key as unknown) === null) throw unreadable('key-not-rsa')
  const info = pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key))
  return createPrivateKey({ key: der(info), format: 'der', type: 'pkcs8' })
}

function readCertificate(bag: Bag): X509Certificate {
  const certificate = bag.cert as forge.pki.Certificate | null | undefined
  const node = certificate === null || certificate === undefined ? bag.asn1 : pki.certificateToAsn1(certificate)
  try {
    return new X509Certificate(der(node))
  } catch (error) {
    throw unreadable('damaged', error)
  }
}

function der(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary')
}
