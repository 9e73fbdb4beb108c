import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto'
import { passwordRefused, unreadable, type CertificateParts } from './certificate-file.ts'

const keyBlock = /-----BEGIN ((?:ENCRYPTED |RSA |EC )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/
const certificateBlocks = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** A PEM file's private key and certificates. Throws `auth.certificate-*`. */
export function readPem(text: string, password: string | undefined): CertificateParts {
  const key = keyBlock.exec(text)?.[0]
  if (key === undefined) throw unreadable(certificateBlocks.test(text) ? 'no-key' : 'not-a-certificate-file')
  return { key: readKey(key, password), certificates: readCertificates(text) }
}

function readKey(block: string, password: string | undefined): KeyObject {
  const encrypted = block.includes('ENCRYPTED')
  if (encrypted && password === undefined) throw passwordRefused(password)
  try {
    return createPrivateKey({ key: block, format: 'pem', ...(encrypted ? { passphrase: password } : {}) })
  } catch (error) {
    // OpenSSL cannot tell a wrong password from damage; the first is by far the likelier.
    throw encrypted ? passwordRefused(password) : unreadable('damaged', error)
  }
}

function readCertificates(text: string): readonly X509Certificate[] {
  try {
    return (text.match(certificateBlocks) ?? []).map((block) => new X509Certificate(block))
  } catch (error) {
    throw unreadable('damaged', error)
  }
}
