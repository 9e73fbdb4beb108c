import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import forge from 'node-forge'

export interface TestCertificate {
  readonly key: KeyObject
  /** PEM. */
  readonly certificate: string
  readonly der: Buffer
}

const { pki } = forge

/** A self-signed certificate for this machine, good for a day. */
export function makeCertificate(name: string, modulusLength = 2048): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000)
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000)
  const attributes = [{ name: 'commonName', value: name }]
  certificate.setSubject(attributes)
  certificate.setIssuer(attributes)
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }])
  certificate.sign(forgeKey(privateKey), forge.md.sha256.create())
  const der = forge.asn1.toDer(pki.certificateToAsn1(certificate)).getBytes()
  return { key: privateKey, certificate: pki.certificateToPem(certificate), der: Buffer.from(der, 'binary') }
}

export function keyPem({ key }: TestCertificate, passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return key.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString()
}

export function pkcs12(
  own: TestCertificate,
  password: string | null,
  chain: readonly TestCertificate[] = [],
  algorithm: 'aes256' | '3des' = 'aes256',
  { useMac = true, rounds = 2048 } = {},
): Buffer {
  const certificates = [...chain, own].map(({ certificate }) => pki.certificateFromPem(certificate))
  const file = forge.pkcs12.toPkcs12Asn1(forgeKey(own.key), certificates, password, {
    algorithm,
    useMac,
    count: rounds,
  })
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary')
}

function forgeKey(key: KeyObject): forge.pki.rsa.PrivateKey {
  return pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString())
}
