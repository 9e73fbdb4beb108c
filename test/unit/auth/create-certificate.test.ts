import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCertificate } from '../../../src-main/auth/create-certificate.ts'

const now = Date.UTC(2026, 1, 28, 12)

describe('a certificate that is made here', () => {
  it('belongs to its key, signs for two years, and is no authority', async () => {
    const made = await createCertificate({ keyBits: 2048, now, name: 'Holdfast' })
    const certificate = new X509Certificate(made.pem)
    const key = createPrivateKey(made.signing.privateKey)
    expect(certificate.checkPrivateKey(key)).toBe(true)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect([certificate.subject, certificate.issuer]).toEqual(['CN=Holdfast', 'CN=Holdfast'])
    expect(new Date(certificate.validTo).toISOString()).toBe('2028-02-28T12:00:00.000Z')
    expect(Date.parse(certificate.validFrom)).toBe(now - 300_000)
    expect(made.notAfter).toBe(Date.UTC(2028, 1, 28, 12))
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  })

  it('is named by the thumbprints of its DER form', async () => {
    const made = await createCertificate({ keyBits: 3072, now, name: 'Holdfast' })
    const { raw, fingerprint, fingerprint256 } = new X509Certificate(made.pem)
    expect(Buffer.from(made.der)).toEqual(raw)
    expect(made.thumbprintSha1).toBe(fingerprint.replaceAll(':', ''))
    expect(made.thumbprintSha256).toBe(fingerprint256.replaceAll(':', ''))
    expect(made.signing.thumbprintSha256).toBe(createHash('sha256').update(raw).digest('hex'))
    expect(createPrivateKey(made.signing.privateKey).asymmetricKeyDetails?.modulusLength).toBe(3072)
  })

  it('never has the same serial number twice', async () => {
    const numbers = new Set<string>()
    for (let made = 0; made < 3; made++) {
      const { pem } = await createCertificate({ keyBits: 2048, now, name: 'Holdfast' })
      numbers.add(new X509Certificate(pem).serialNumber)
    }
    expect(numbers.size).toBe(3)
  })
})
