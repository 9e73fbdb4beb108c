// Makes a repository with one large mailbox, and its catalog: <folder> <mails>. In a process of its own, for its memory.
import type { Root } from '../../../src-main/engine/ports/data-type.ts'
import type { GraphClient } from '../../../src-main/graph/client/types.ts'
import { BackupScene } from '../../support/backup-scene.ts'
import { generatedReader } from './generated-mailbox.ts'

const [folder = '', mails = '0'] = process.argv.slice(2)
const scene = new BackupScene(folder)
await scene.init()
const root: Root = { kind: 'user', id: 'ada', name: 'ada@contoso.example' }
// Nobody asks Graph: all is generated.
const client = {} as GraphClient
const { items, unread } = await scene.backUp(client, { roots: [root], readers: [generatedReader(Number(mails))] })
if (items !== Number(mails) || unread.length > 0) throw new Error(`${items} items, ${unread.length} could not be read`)
console.log(JSON.stringify({ items, seconds: Math.round(process.uptime()) }))
