import { createHash, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** The application registration the simulator knows. */
export interface AppOptions {
  readonly tenantId?: string
  /** Further names the tenant goes by in a sign-in path. */
  readonly tenantDomain?: string
  readonly clientId?: string
  readonly clientSecret?: string
  /** Certificates in PEM form that client assertions may be signed with. */
  readonly certificates?: readonly string[]
  /** Application permissions granted. */
  readonly roles?: readonly string[]
  readonly tokenLifetimeSeconds?: number
  /** Where the sign-in page may send people back to. `http://localhost` stands for each of its ports. */
  readonly redirectUris?: readonly string[]
  /** "Allow public client flows". */
  readonly publicClient?: boolean
  /** How often a device may ask whether its code was typed. Microsoft says 5. */
  readonly devicePollSeconds?: number
}

export interface RegisteredCertificate {
  readonly publicKey: KeyObject
  /** base64url of the SHA-1 and SHA-256 of the certificate's DER form. */
  readonly x5t: string
  readonly x5tS256: string
}

export interface AppRegistration {
  readonly tenantId: string
  readonly tenantDomain: string
  readonly clientId: string
  readonly clientSecret: string
  readonly certificates: readonly RegisteredCertificate[]
  readonly roles: readonly string[]
  readonly tokenLifetimeSeconds: number
  readonly redirectUris: readonly string[]
  readonly publicClient: boolean
  readonly devicePollSeconds: number
}

const ownRoles: readonly string[] = ['User.Read.All', 'Mail.ReadWrite']

/** `granted`: roles that the services want to be there unless the options say otherwise. */
export function registerApp(options: AppOptions, granted: readonly string[]): AppRegistration {
  return {
    tenantId: options.tenantId ?? '5f0c1a52-7d3e-4b86-9f1d-2c64a1f0e7b9',
    tenantDomain: options.tenantDomain ?? 'contoso.onmicrosoft.com',
    clientId: options.clientId ?? 'b6c7a0d4-31f2-4e58-8a9b-64e1d20c3f75',
    clientSecret: options.clientSecret ?? 'xyz8Q~simulated-client-secret-value',
    certificates: (options.certificates ?? []).map(registerCertificate),
    roles: options.roles ?? [...new Set([...ownRoles, ...granted])],
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
    redirectUris: options.redirectUris ?? ['http://localhost'],
    publicClient: options.publicClient ?? true,
    devicePollSeconds: options.devicePollSeconds ?? 5,
  }
}

function registerCertificate(pem: string): RegisteredCertificate {
  const certificate = new X509Certificate(pem)
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(certificate.raw).digest('base64url')
  return { publicKey: certificate.publicKey, x5t: thumbprint('sha1'), x5tS256: thumbprint('sha256') }
}
