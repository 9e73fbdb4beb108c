import { decode, encode } from '../clone-codec.ts'
import { host } from './app-link.ts'
import { StandInIpc } from './ipc.ts'
import { contentsOf, type StandInContents } from './web-contents.ts'
import type { StandInFrame } from './web-frame-main.ts'

export const ipcMain = new StandInIpc()

interface Sender {
  readonly type: 'frame'
  readonly processId: number
  readonly frameId: number
  readonly sender: StandInContents
  readonly senderFrame: StandInFrame
}

async function invoke(sender: Sender, channel: string, args: readonly unknown[]): Promise<unknown> {
  const handler = sender.sender.ipc.handlerOf(channel) ?? ipcMain.handlerOf(channel)
  if (handler === undefined) {
    throw new Error(`Error invoking remote method '${channel}': Error: No handler registered for '${channel}'`)
  }
  try {
    return await handler(sender, ...args)
  } catch (error) {
    throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
  }
}

function send(sender: Sender, channel: string, args: readonly unknown[]): void {
  const reply = (to: string, ...values: unknown[]): void => sender.senderFrame.send(to, ...values)
  const event = { ...sender, returnValue: undefined, ports: [], reply }
  sender.sender.emit('ipc-message', event, channel, ...args)
  sender.sender.ipc.emit(channel, event, ...args)
  ipcMain.emit(channel, event, ...args)
}

host.answer('page.message', async ({ window, frame, kind, channel, args }) => {
  const contents = contentsOf(window)
  if (contents === undefined) throw new Error('the window is gone')
  const senderFrame = contents.frame(frame)
  const sender: Sender = { type: 'frame', processId: contents.id, frameId: frame.id, sender: contents, senderFrame }
  const values = decode(args) as unknown[]
  if (kind === 'invoke') return encode(await invoke(sender, channel, values))
  send(sender, channel, values)
  return encode(undefined)
})
