import { EventEmitter } from 'node:events'
import type { PowerMonitor, PowerSaveBlocker } from 'electron'
import type { PowerEvent } from '../control/methods.ts'
import { host } from './app-link.ts'
import { createEvent } from './event.ts'
import { changed, contribute } from './recorder.ts'

class StandInPowerMonitor extends EventEmitter {
  onBatteryPower = false

  isOnBatteryPower = (): boolean => this.onBatteryPower
  getSystemIdleState = (): 'active' => 'active'
  getSystemIdleTime = (): number => 0
  getCurrentThermalState = (): 'nominal' => 'nominal'

  /** What the system would tell. */
  tell(event: PowerEvent): void {
    if (event === 'on-battery') this.onBatteryPower = true
    if (event === 'on-ac') this.onBatteryPower = false
    this.emit(event, createEvent())
  }
}

export const powerMonitor = new StandInPowerMonitor()
powerMonitor satisfies Omit<PowerMonitor, keyof EventEmitter>
host.answer('control.power', ({ event }) => powerMonitor.tell(event))

const blockers = new Map<number, string>()
let started = 0

export const powerSaveBlocker = {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep') => {
    blockers.set(++started, type)
    changed()
    return started
  },
  stop: (id: number) => {
    const stopped = blockers.delete(id)
    changed()
    return stopped
  },
  isStarted: (id: number) => blockers.has(id),
} satisfies PowerSaveBlocker

contribute('powerSaveBlockers', () => Array.from(blockers, ([id, type]) => ({ id, type })))
