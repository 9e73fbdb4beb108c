import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import forge from 'node-forge'

/** A certificate authority of this test, and a server of this machine that it vouches for; PEM. */
export interface TestAuthority {
  readonly ca: string
  readonly key: string
  readonly cert: string
}

const { md, pki } = forge

/** Made anew for each test run: nobody else trusts it. */
export function makeAuthority(): TestAuthority {
  const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const server = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const issuerName = [{ name: 'commonName', value: 'Holdfast test authority' }]
  const authority = certificate(issuer.publicKey, '01', issuerName, issuerName, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ])
  const subject = [{ name: 'commonName', value: '127.0.0.1' }]
  const own = certificate(server.publicKey, '02', subject, issuerName, [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ])
  for (const one of [authority, own]) one.sign(forgeKey(issuer.privateKey), md.sha256.create())
  return {
    ca: pki.certificateToPem(authority),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pki.certificateToPem(own),
  }
}

function certificate(
  key: KeyObject,
  serialNumber: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  extensions: object[],
): forge.pki.Certificate {
  const made = pki.createCertificate()
  made.publicKey = pki.publicKeyFromPem(key.export({ type: 'spki', format: 'pem' }).toString())
  made.serialNumber = serialNumber
  made.validity.notBefore = new Date(Date.now() - 3_600_000)
  made.validity.notAfter = new Date(Date.now() + 86_400_000)
  made.setSubject(subject)
  made.setIssuer(issuer)
  made.setExtensions(extensions)
  return made
}

function forgeKey(key: KeyObject): forge.pki.rsa.PrivateKey {
  return pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString())
}
