import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, request, type Dispatcher } from 'undici'
import type { GraphSimulator } from '../../support/graph-simulator/index.ts'

interface Listed {
  readonly name: string
  readonly folder?: unknown
  readonly '@microsoft.graph.downloadUrl'?: string
}

export interface DriveFolder {
  /** Graph id. */
  readonly drive: string
  /** From the root, with "/" between names. */
  readonly path: string
}

/** What anybody can do who may read the drive: follows Graph's listing and fetches the files. `ca`: of an https service. */
export async function downloadFolder(
  simulator: GraphSimulator,
  { drive, path }: DriveFolder,
  target: string,
  ca?: string,
): Promise<void> {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } })
  const authorization = `Bearer ${simulator.tokens.issue(Date.now(), '')}`
  try {
    await download({ simulator, dispatcher, authorization }, { drive, path }, target)
  } finally {
    await dispatcher.destroy()
  }
}

interface Client {
  readonly simulator: GraphSimulator
  readonly dispatcher: Dispatcher
  readonly authorization: string
}

async function download(client: Client, { drive, path }: DriveFolder, target: string): Promise<void> {
  const { simulator, dispatcher, authorization } = client
  mkdirSync(target, { recursive: true })
  const start = `root:/${path.split('/').map(encodeURIComponent).join('/')}:/children`
  let link: string | undefined = `${simulator.graphBaseUrl}/v1.0/drives/${drive}/${start}`
  while (link !== undefined) {
    const { body } = await request(link, { dispatcher, headers: { authorization } })
    const page = (await body.json()) as { readonly value: readonly Listed[]; readonly '@odata.nextLink'?: string }
    for (const { name, folder, '@microsoft.graph.downloadUrl': url = '' } of page.value) {
      if (folder !== undefined) await download(client, { drive, path: `${path}/${name}` }, join(target, name))
      else writeFileSync(join(target, name), await (await request(url, { dispatcher })).body.bytes())
    }
    link = page['@odata.nextLink']
  }
}
