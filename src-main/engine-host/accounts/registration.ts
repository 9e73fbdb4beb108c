import { environmentName, type Environment } from '../../commands/parts/option-values.ts'
import { clouds, type CloudName } from '../../graph/client/clouds.ts'

/** Where somebody signs in, as the window says it. */
export interface Registration {
  readonly name: string
  readonly clientId: string
  readonly tenantId: string
  readonly cloud: 'global' | 'us-government' | 'us-dod' | 'china'
}

const names: Readonly<Record<Registration['cloud'], CloudName>> = {
  global: 'global',
  'us-government': 'usgov',
  'us-dod': 'usgov-dod',
  china: 'china',
}

export interface ServiceAddresses {
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
}

/** Those of the cloud, unless the environment names others: for a Graph that is not Microsoft's. */
export function addressesOf(cloud: Registration['cloud'], environment: Environment): ServiceAddresses {
  const own = clouds[names[cloud]]
  return {
    graphBaseUrl: given(environment, 'office365-graph-base-url') ?? own.graphBaseUrl,
    loginBaseUrl: given(environment, 'office365-login-base-url') ?? own.loginBaseUrl,
  }
}

function given(environment: Environment, option: string): string | undefined {
  const value = environment[environmentName(option)]
  return value === '' ? undefined : value
}
