import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { App, LoginItemSettings, RelaunchOptions, Settings } from 'electron'
import { host } from './app-link.ts'
import { AppPaths } from './app-paths.ts'
import { commandLine, switchList } from './command-line.ts'
import { createEvent } from './event.ts'
import { plain } from './plain.ts'
import { Quitting, type Closable } from './quitting.ts'
import { changed, contribute } from './recorder.ts'
import { SingleInstance } from './single-instance.ts'
import { startOptions } from './start-options.ts'

interface Package {
  readonly name?: string
  readonly productName?: string
  readonly version?: string
}

function packageFolder(from: string): string {
  const parent = dirname(from)
  if (existsSync(join(from, 'package.json')) || parent === from) return from
  return packageFolder(parent)
}

function readPackage(folder: string): Package {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Package) : {}
}

class StandInApp extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = commandLine
  readonly dock = undefined
  readonly #folder = packageFolder(dirname(startOptions.main))
  readonly #package = readPackage(this.#folder)
  readonly #paths = new AppPaths(startOptions.profile, startOptions.main)
  readonly #ready = Promise.withResolvers<undefined>()
  readonly #quitting = new Quitting(this)
  readonly #relaunches: Readonly<Record<string, unknown>>[] = []
  #instance: SingleInstance | undefined
  #isReady = false
  #name = this.#package.productName ?? this.#package.name ?? 'Electron'
  #userModelId: string | undefined
  #sandboxed = false
  #badge = 0
  #loginItem: Settings | undefined

  constructor() {
    super()
    contribute('app', () => ({
      ready: this.#isReady,
      name: this.#name,
      userModelId: this.#userModelId,
      sandboxed: this.#sandboxed,
      singleInstance: this.#instance?.held ?? false,
      loginItem: this.#loginItem === undefined ? undefined : plain(this.#loginItem),
      relaunches: [...this.#relaunches],
      switches: switchList(),
      badge: this.#badge,
    }))
    host.answer('control.quit', () => this.quit())
    host.answer('control.activate', () => void this.emit('activate', createEvent(), false))
    process.once('exit', () => this.#instance?.release())
  }

  /** Called once main has been evaluated and the browser runs. */
  becomeReady(): void {
    if (this.#quitting.underWay) return
    this.#isReady = true
    this.emit('will-finish-launching')
    this.emit('ready', createEvent(), {})
    this.#ready.resolve(undefined)
    changed()
  }

  /** Waited for before the process ends. */
  onExit(ending: () => Promise<void>): void {
    this.#quitting.onExit(ending)
  }

  addWindow(window: Closable): void {
    this.#quitting.add(window)
  }

  removeWindow(window: Closable): void {
    this.#quitting.remove(window)
  }

  get name(): string {
    return this.#name
  }

  set name(name: string) {
    this.#name = name
    changed()
  }

  whenReady = (): Promise<void> => this.#ready.promise
  isReady = (): boolean => this.#isReady
  quit = (): void => this.#quitting.quit()
  exit = (code = 0): void => this.#quitting.exit(code)
  getName = (): string => this.#name
  setName = (name: string): void => void (this.name = name)
  getVersion = (): string => this.#package.version ?? process.versions.node
  getAppPath = (): string => this.#folder
  getLocale = (): string => startOptions.locale
  getSystemLocale = (): string => startOptions.locale
  getLocaleCountryCode = (): string => startOptions.locale.split('-')[1] ?? ''
  getPreferredSystemLanguages = (): string[] => [startOptions.locale]
  getPath = (name: Parameters<App['getPath']>[0]): string => this.#paths.get(name)
  setPath = (name: string, path: string): void => this.#paths.set(name, path)
  setAppLogsPath = (path?: string): void => this.#paths.set('logs', path ?? this.#paths.get('logs'))
  focus = (): void => undefined
  hide = (): void => undefined
  show = (): void => undefined
  disableHardwareAcceleration = (): void => undefined
  setDesktopName = (): void => undefined
  setAboutPanelOptions = (): void => undefined
  showAboutPanel = (): void => undefined
  getAppMetrics = (): [] => []
  getBadgeCount = (): number => this.#badge
  hasSingleInstanceLock = (): boolean => this.#instance?.held ?? false
  releaseSingleInstanceLock = (): void => this.#instance?.release()
  isDefaultProtocolClient = (): boolean => false
  setAsDefaultProtocolClient = (): boolean => false

  setBadgeCount = (count = 0): boolean => {
    this.#badge = count
    changed()
    return true
  }

  setAppUserModelId = (id: string): void => {
    this.#userModelId = id
    changed()
  }

  enableSandbox = (): void => {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    this.#sandboxed = true
    changed()
  }

  relaunch = (options: RelaunchOptions = {}): void => {
    this.#relaunches.push(plain(options))
    changed()
  }

  setLoginItemSettings = (settings: Settings): void => {
    this.#loginItem = settings
    changed()
  }

  getLoginItemSettings = (): LoginItemSettings => ({
    openAtLogin: this.#loginItem?.openAtLogin ?? false,
    wasOpenedAtLogin: false,
    status: this.#loginItem?.openAtLogin === true ? 'enabled' : 'not-registered',
    executableWillLaunchAtLogin: this.#loginItem?.openAtLogin ?? false,
    launchItems: [],
  })

  requestSingleInstanceLock = (additionalData?: Record<string, unknown>): boolean => {
    this.#instance ??= new SingleInstance(this.getPath('userData'), ({ argv, workingDirectory, additionalData }) => {
      this.emit('second-instance', createEvent(), argv, workingDirectory, additionalData)
    })
    const held = this.#instance.request({ argv: process.argv, workingDirectory: process.cwd(), additionalData })
    changed()
    return held
  }
}

type Own = 'onExit' | 'addWindow' | 'becomeReady' | 'removeWindow'
type Offered = Exclude<keyof StandInApp, keyof EventEmitter | Own>

export const app = new StandInApp()
app satisfies Pick<App, Offered>
