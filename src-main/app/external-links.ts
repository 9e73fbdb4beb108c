import { links } from '../../src-shared/ipc/contract/app.ts'

export type Link = (typeof links)[number]

/** Hosts of addresses that may be opened in the browser, beside that of the project itself. */
const hosts: ReadonlySet<string> = new Set([
  'restic.net',
  'restic.readthedocs.io',
  'learn.microsoft.com',
  'entra.microsoft.com',
  'microsoft.com',
  'www.microsoft.com',
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'opensource.org',
])

const fixed: Readonly<Record<Exclude<Link, 'help' | 'releases'>, string>> = {
  restic: 'https://restic.readthedocs.io/en/stable/050_restore.html',
  'app-registration': 'https://learn.microsoft.com/entra/identity-platform/quickstart-register-app',
  'device-login': 'https://microsoft.com/devicelogin',
  license: 'https://opensource.org/license/mit',
}

export interface ExternalLinks {
  /** Those that there is a page for. */
  readonly known: readonly Link[]
  /** Opens the page in the browser. False where there is none (a build that names no home page has no help online). */
  open(link: Link): Promise<boolean>
  /** Opens an address that a page asked for, if it is one of the allowed hosts; tells whether. */
  openAddress(address: string): Promise<boolean>
}

export interface ExternalLinksParts {
  readonly openExternal: (address: string) => Promise<void>
  /** Home page of the project, from package.json; undefined if it names none. */
  readonly homepage: string | undefined
}

/** The only way out of the program into a browser: https, no name or password in the address, and a host of the list. */
export function createExternalLinks({ openExternal, homepage }: ExternalLinksParts): ExternalLinks {
  const home = homepage === undefined ? undefined : secureAddress(homepage)
  const address = (link: Link): string | undefined => {
    if (link === 'help') return home?.href
    if (link === 'releases') return home === undefined ? undefined : new URL('releases', withSlash(home)).href
    return fixed[link]
  }
  const openAddress = async (asked: string): Promise<boolean> => {
    const url = secureAddress(asked)
    if (url === undefined || !(hosts.has(url.hostname) || url.hostname === home?.hostname)) return false
    await openExternal(url.href)
    return true
  }
  return {
    known: links.filter((link) => address(link) !== undefined),
    open: async (link) => {
      const found = address(link)
      return found !== undefined && (await openAddress(found))
    },
    openAddress,
  }
}

function secureAddress(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  const isPlain = url.username === '' && url.password === '' && url.port === ''
  return url.protocol === 'https:' && isPlain ? url : undefined
}

/** Below the home page, whether or not its address ends with a slash. */
function withSlash(home: URL): string {
  return `${home.origin}${home.pathname.replace(/\/*$/, '/')}`
}
