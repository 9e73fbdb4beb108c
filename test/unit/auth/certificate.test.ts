import { X509Certificate, createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src-main/auth/certificate.ts'
import { isEngineError } from '../../../src-main/engine/model/errors.ts'
import { keyPem, makeCertificate, pkcs12, type TestCertificate } from './certificates.ts'

let folder: string
let own: TestCertificate
let issuer: TestCertificate

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-certificate-'))
  own = makeCertificate('own')
  issuer = makeCertificate('issuer')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(content: string | Buffer): Promise<string> {
  const path = join(folder, createHash('sha256').update(content).digest('hex'))
  await writeFile(path, content)
  return path
}

async function refusal(path: string, password?: string): Promise<string> {
  try {
    await readCertificate({ path, password })
    return 'read'
  } catch (error) {
    return isEngineError(error) ? `${error.code} ${String(error.context.reason)}` : String(error)
  }
}

async function expectOwn(content: string | Buffer, password?: string): Promise<void> {
  const read = await readCertificate({ path: await file(content), password })
  expect(read.thumbprintSha256).toBe(createHash('sha256').update(own.der).digest('hex'))
  expect(new X509Certificate(own.der).checkPrivateKey(createPrivateKey(read.privateKey))).toBe(true)
}

describe('a PEM file', () => {
  it('gives its key and thumbprint, in either order and with a chain', async () => {
    await expectOwn(keyPem(own) + own.certificate)
    await expectOwn(issuer.certificate + own.certificate + keyPem(own))
  })

  it('may have an encrypted key', async () => {
    await expectOwn(own.certificate + keyPem(own, 'pässword'), 'pässword')
  })

  it('may have a key of the older forms', async () => {
    const options = { type: 'pkcs1', format: 'pem' } as const
    await expectOwn(own.certificate + own.key.export(options).toString())
    const encrypted = own.key.export({ ...options, cipher: 'aes-128-cbc', passphrase: 'secret' }).toString()
    expect(encrypted).toContain('Proc-Type: 4,ENCRYPTED')
    await expectOwn(own.certificate + encrypted, 'secret')
  })

  it('tells a missing password from a wrong one', async () => {
    const path = await file(own.certificate + keyPem(own, 'secret'))
    expect(await refusal(path)).toBe('auth.certificate-password missing')
    expect(await refusal(path, 'other')).toBe('auth.certificate-password wrong')
  })

  it('tells what is missing in it', async () => {
    expect(await refusal(await file(own.certificate))).toBe('auth.certificate-unreadable no-key')
    expect(await refusal(await file(keyPem(own)))).toBe('auth.certificate-unreadable no-certificate')
    expect(await refusal(await file(keyPem(own) + issuer.certificate))).toBe(
      'auth.certificate-unreadable key-does-not-fit',
    )
  })

  it('tells of a key that Microsoft does not take', async () => {
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const pem = elliptic.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(await refusal(await file(pem + own.certificate))).toBe('auth.certificate-unreadable key-not-rsa')
    const short = makeCertificate('short', 1024)
    expect(await refusal(await file(keyPem(short) + short.certificate))).toBe(
      'auth.certificate-unreadable key-too-short',
    )
  })

  it('tells of damage', async () => {
    const damaged = keyPem(own).replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
    expect(await refusal(await file(damaged + own.certificate))).toBe('auth.certificate-unreadable damaged')
  })
})

describe('a PKCS#12 file', () => {
  it.each(['aes256', '3des'] as const)('gives its key and thumbprint, encrypted with %s', async (algorithm) => {
    await expectOwn(pkcs12(own, 'secret', [], algorithm), 'secret')
  })

  it('may come with a chain', async () => {
    await expectOwn(pkcs12(own, 'secret', [issuer]), 'secret')
  })

  it('may have no password, or an empty one', async () => {
    await expectOwn(pkcs12(own, null))
    await expectOwn(pkcs12(own, ''))
    await expectOwn(pkcs12(own, ''), '')
  })

  it('tells a missing password from a wrong one', async () => {
    const path = await file(pkcs12(own, 'secret'))
    expect(await refusal(path)).toBe('auth.certificate-password missing')
    expect(await refusal(path, 'other')).toBe('auth.certificate-password wrong')
  })

  it('may do without a checksum', async () => {
    await expectOwn(pkcs12(own, 'secret', [], 'aes256', { useMac: false }), 'secret')
    const path = await file(pkcs12(own, 'secret', [], 'aes256', { useMac: false }))
    expect(await refusal(path)).toBe('auth.certificate-password missing')
    expect(await refusal(path, 'other')).toBe('auth.certificate-password wrong')
  })

  it('without a checksum tells any wrong password from damage, also one that seems to decrypt it', async () => {
    // About one in 256 does, so that nearly every run meets some of them.
    const path = await file(pkcs12(own, 'secret', [], 'aes256', { useMac: false, rounds: 1 }))
    const refusals = new Set<string>()
    for (let at = 0; at < 1_000; at++) refusals.add(await refusal(path, `other ${at}`))
    expect([...refusals]).toEqual(['auth.certificate-password wrong'])
  })

  it('tells when it was cut', async () => {
    const whole = pkcs12(own, 'secret')
    expect(await refusal(await file(whole.subarray(0, 900)), 'secret')).toBe(
      'auth.certificate-unreadable not-a-certificate-file',
    )
  })
})

describe('another file', () => {
  it('is named as what it is not', async () => {
    expect(await refusal(await file('hello'))).toBe('auth.certificate-unreadable not-a-certificate-file')
    expect(await refusal(await file(''))).toBe('auth.certificate-unreadable not-a-certificate-file')
    expect(await refusal(await file('-----BEGIN PUBLIC KEY-----\n'))).toBe(
      'auth.certificate-unreadable not-a-certificate-file',
    )
  })

  it('may have the form of one without a checksum, like a public key', async () => {
    const key = createPublicKey(own.key).export({ type: 'pkcs1', format: 'der' })
    expect(await refusal(await file(key), 'secret')).toBe('auth.certificate-unreadable not-a-certificate-file')
  })

  it('has to be there and be a file', async () => {
    expect(await refusal(join(folder, 'nothing'))).toBe('auth.certificate-unreadable no-file')
    expect(await refusal(folder)).toBe('auth.certificate-unreadable no-access')
  })
})
