import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { EVENT, INVOKE } from '../../src-shared/ipc/channels.ts'

const malformed = { ok: false, error: { code: 'ipc.malformed', params: {}, retry: 'never' } }

/** Carries calls and events; it understands neither. */
contextBridge.exposeInMainWorld('holdfast', {
  invoke: (method: string, params: unknown): Promise<unknown> =>
    // What cannot be sent at all (a function, say) is answered like what cannot be read.
    ipcRenderer.invoke(INVOKE, { method, params }).catch(() => malformed),
  subscribe: (topic: string, listener: (value: unknown) => void): (() => void) => {
    const heard = (_event: IpcRendererEvent, message: { readonly topic: string; readonly value: unknown }): void => {
      if (message.topic === topic) listener(message.value)
    }
    ipcRenderer.on(EVENT, heard)
    // Main answers with what the topic's value is now, if it has one.
    ipcRenderer.send(EVENT, { topic })
    return () => {
      ipcRenderer.off(EVENT, heard)
    }
  },
})
