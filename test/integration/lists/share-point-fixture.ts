import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAppOnlyTokens } from '../../../src-main/auth/app-only-token-source.ts'
import { createSharePointHosts, type SharePointHosts } from '../../../src-main/graph/lists/share-point-hosts.ts'
import type { SimulatorAddress } from '../../support/backup-scene.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { systemClock } from '../../support/system-clock.ts'
import { keyPem, makeCertificate } from '../../unit/auth/certificates.ts'

const own = makeCertificate('127.0.0.1')

/** To be given to the simulator as one of the application's. */
export const { certificate } = own

/** SharePoint's own endpoint of a simulator, signed in with the certificate or with the client's secret. */
export async function sharePointHosts(
  simulator: SimulatorAddress,
  credential: 'certificate' | 'secret',
): Promise<SharePointHosts> {
  const { tenantId, clientId, clientSecret, loginBaseUrl, graphBaseUrl } = simulator
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-share-point-'))
  const path = join(folder, 'certificate.pem')
  writeFileSync(path, keyPem(own) + certificate)
  const tokens = await createAppOnlyTokens({
    tenantId,
    clientId,
    loginBaseUrl,
    graphBaseUrl,
    clock: systemClock,
    ...(credential === 'secret' ? { secret: clientSecret } : { certificate: { path } }),
  })
  const hosts = createSharePointHosts({
    tokens: tokens.sharePoint,
    baseUrl: (name) => `${graphBaseUrl}/sharepoint/${name}`,
    clock: impatientClock(1000),
    random: Math.random,
  })
  return {
    access: hosts.access,
    close: async () => {
      await hosts.close()
      rmSync(folder, { recursive: true })
    },
  }
}
