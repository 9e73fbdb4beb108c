/** Where one of Microsoft's clouds answers: Graph itself, and the sign-in service. No trailing slash. */
export interface Cloud {
  readonly graphBaseUrl: string
  readonly loginBaseUrl: string
}

export type CloudName = 'global' | 'usgov' | 'usgov-dod' | 'china'

/** https://learn.microsoft.com/graph/deployments */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: {
    graphBaseUrl: 'https://graph.microsoft.com',
    loginBaseUrl: 'https://login.microsoftonline.com',
  },
  usgov: {
    graphBaseUrl: 'https://graph.microsoft.us',
    loginBaseUrl: 'https://login.microsoftonline.us',
  },
  'usgov-dod': {
    graphBaseUrl: 'https://dod-graph.microsoft.us',
    loginBaseUrl: 'https://login.microsoftonline.us',
  },
  china: {
    graphBaseUrl: 'https://microsoftgraph.chinacloudapi.cn',
    loginBaseUrl: 'https://login.partner.microsoftonline.cn',
  },
}
