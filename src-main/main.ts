import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron'
import { EVENT, INVOKE } from '../src-shared/ipc/channels.ts'
import { ActivityBoard } from './app/activity.ts'
import { setAutostart } from './app/autostart.ts'
import { DesktopState } from './app/desktop-state.ts'
import { dialogs } from './app/dialogs.ts'
import { createExternalLinks } from './app/external-links.ts'
import { appInfo } from './app/info.ts'
import { isHidden, readHomepage, readLaunch } from './app/launch.ts'
import { applicationMenu } from './app/menu.ts'
import { readMetered } from './app/metered.ts'
import { Notifier, type Navigation } from './app/notifications.ts'
import { openPreferenceFile } from './app/preference-file.ts'
import { PreferenceStore } from './app/preferences.ts'
import { PreviewDocuments } from './app/preview-documents.ts'
import { createProtocolHandler, pageOrigin, scheme } from './app/protocol.ts'
import { Quitting } from './app/quit.ts'
import { Scheduler } from './app/scheduler.ts'
import { denyPermissions, guardApp, guardSession, guardWindow, isOwnPage, type GuardParts } from './app/security.ts'
import { createSignInPopup } from './app/sign-in-popup.ts'
import { makeSystemTray } from './app/system-tray.ts'
import { texts } from './app/texts.ts'
import { after, now } from './app/timers.ts'
import type { TrayView } from './app/tray.ts'
import { updateSource } from './app/update-source.ts'
import { Updater } from './app/updater.ts'
import { MainWindow, type ShownWindow } from './app/window.ts'
import { defaultProfile } from './commands/parts/profile.ts'
import { openLog } from './commands/parts/log.ts'
import { HostClient } from './engine-host/client.ts'
import { createRestarts } from './engine-host/client-restarts.ts'
import { profileArgument } from './engine-host/wire.ts'
import { createInvokeHandler } from './ipc/handle-invoke.ts'
import { createHostQuestions } from './ipc/host-questions.ts'
import { KnownPaths } from './ipc/known-paths.ts'
import { isOwnSender } from './ipc/own-sender.ts'
import { shellMethods } from './ipc/shell-methods.ts'
import { TopicSender } from './ipc/topic-sender.ts'

// Everything is made here, before the application is ready, and waits for `start`: what it uses of Electron it asks for then.

/** The build puts everything of main flat into out/main. */
const built = import.meta.dirname
const root = join(built, '../..')
const resources = join(root, 'resources')
const windowIcon = join(resources, 'icons/256x256.png')
const developmentServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const page = developmentServer ?? `${pageOrigin}/index.html`

const launch = readLaunch(process.argv, process.env.HOLDFAST_PROFILE ?? defaultProfile())
mkdirSync(launch.profile, { recursive: true, mode: 0o700 })
app.setName(texts.name)
app.setPath('userData', join(launch.profile, 'window'))
app.setAppUserModelId('app.holdfast.desktop')
app.enableSandbox()
// Images of a mail that somebody let load must not stay on the disk.
app.commandLine.appendSwitch('disable-http-cache')
guardApp(app)
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

const shellLog = openLog(launch.profile)

/** Codes and names of methods, never content. */
function log(what: string): void {
  const time = new Date().toISOString()
  const line = { time, level: 'warning', event: 'desktop', pid: process.pid, version: app.getVersion() } as const
  // A log that cannot be written must not stop what it tells about.
  shellLog.write({ ...line, figures: { what } }).catch(() => undefined)
}

const preferences = new PreferenceStore(openPreferenceFile(launch.profile))
const documents = new PreviewDocuments()
const paths = new KnownPaths()
const pageRestarts = createRestarts()
const links = createExternalLinks({
  openExternal: (address) => shell.openExternal(address),
  homepage: readHomepage(root),
})
const guardParts: GuardParts = {
  developmentServer,
  openAddress: (address) => links.openAddress(address),
  allowsRemote: (frame) => documents.allowsRemote(frame),
}

let trayView: TrayView | undefined

function updateTray(): void {
  trayView?.update({
    activity: board.current,
    attention: state.attention,
    planName: (id) => state.knownPlanName(id),
    locale: app.getLocale(),
    plans: state.plans.map(({ id, name }) => ({ id, name, isRunning: state.isRunning(id) })),
  })
}

const board: ActivityBoard = new ActivityBoard({
  now,
  after,
  onChange: (activity) => {
    topics.send('activity', activity)
    updateTray()
  },
})

const topics: TopicSender = new TopicSender({
  page: () => window.current?.webContents,
  present: {
    activity: () => board.current,
    preferences: () => preferences.preferences,
    deviceCode: () => state.deviceCode,
  },
  log,
})

const window: MainWindow = new MainWindow({
  make: (options) => new BrowserWindow(options),
  preferences,
  workAreas: () => screen.getAllDisplays().map(({ workArea }) => workArea),
  preload: join(built, '../preload/preload.cjs'),
  icon: windowIcon,
  page,
  isPackaged: app.isPackaged,
  hasTray: () => trayView !== undefined,
  isQuitting: () => quitting.isLeaving,
  onFirstHide: () => notifier.say(texts.notifications.hidden, { view: 'home' }),
  onClosed: () => {
    topics.pageGone()
    documents.clear()
    // On macOS a program without a window goes on; elsewhere that was the end of it.
    if (process.platform !== 'darwin' && !quitting.isLeaving) void quitting.quit()
  },
  guard: guardMainWindow,
})

const host: HostClient = new HostClient({
  fork: () =>
    utilityProcess.fork(join(built, 'engine-host.js'), [profileArgument, launch.profile], {
      serviceName: 'Holdfast engine',
      stdio: app.isPackaged ? 'ignore' : 'inherit',
    }),
  now,
  after,
  openSignInWindow: createSignInPopup({
    make: (options) => new BrowserWindow(options),
    sessionOf: (partition) => {
      const own = session.fromPartition(partition)
      denyPermissions(own)
      return own
    },
    allowLoopback: !app.isPackaged && process.env.HOLDFAST_ALLOW_LOOPBACK_SIGN_IN === '1',
  }),
  onState: (engine) => state.engineBecame(engine),
  onEvent: (topic, value) => state.hostTold(topic, value),
  log,
})

const questions = createHostQuestions((method, params) => host.request(method, params))

const scheduler: Scheduler = new Scheduler({
  now,
  after,
  due: (quietDays) => questions.internal('schedule.due', { quietDays }).catch(() => undefined),
  run: (plan) => state.runPlan(plan),
  preferences: () => preferences.preferences,
  paused: () => state.paused(),
  isOnBattery: () => powerMonitor.isOnBatteryPower(),
  metered: () => readMetered(process.platform),
  isOnline: () => net.isOnline(),
  onState: (schedule) => board.update(schedule),
})

const quitting: Quitting = new Quitting({
  hasOperations: () => state.hasOperations,
  ask: dialogs.ask,
  stopSchedule: () => scheduler.stop(),
  resumeSchedule: () => scheduler.resume(),
  stopOperations: async () => {
    await host.request('host.stop', {})
  },
  exit: () => {
    host.close()
    app.quit()
  },
  after,
})

const notifier: Notifier = new Notifier({
  make: (options) => new Notification(options),
  preferences,
  now,
  planName: (id) => state.planName(id),
  lastRun: (plan) => state.lastRun(plan),
  icon: windowIcon,
  open: go,
})

const updater: Updater = new Updater({
  source: await updateSource(),
  isWanted: () => preferences.preferences.checkForUpdates,
  hasOperations: () => state.hasOperations,
  ask: dialogs.ask,
  prepareToLeave: async () => {
    await quitting.prepare()
    host.close()
  },
  after,
  onState: () => topics.send('changed', { what: ['updates'] }),
  log,
})

const state: DesktopState = new DesktopState({
  now,
  preferences,
  board,
  topics,
  paths,
  questions,
  scheduler,
  notifier,
  quitting,
  updater,
  updateTray,
  applyAutostart,
  log,
})

function go(to: Navigation): void {
  window.show()
  topics.navigate(to)
}

function quit(): void {
  void quitting.quit()
}

function guardMainWindow({ webContents }: ShownWindow): void {
  guardWindow(webContents, guardParts)
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (!isMainFrame || isSameDocument) return
    topics.pageGone()
    documents.clear()
  })
  webContents.on('render-process-gone', (_event, { reason }) => {
    log(`the page's process ended: ${reason}`)
    const wait = reason === 'clean-exit' ? undefined : pageRestarts.waitAfterStop(now())
    if (wait !== undefined) after(wait, () => void window.current?.loadURL(page))
  })
}

function applyAutostart(): void {
  const { startAtLogin, startHidden } = preferences.preferences
  const parts = {
    platform: process.platform,
    isPackaged: app.isPackaged,
    setLoginItemSettings: app.setLoginItemSettings.bind(app),
    executable: process.env.APPIMAGE ?? app.getPath('exe'),
    configFolder: process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
  }
  // Nothing starts at login as long as there is nothing to back up.
  setAutostart(parts, startAtLogin && state.plans.length > 0, startHidden).catch(() => {
    log('starting at login could not be arranged')
  })
}

function answerPage(): void {
  const isOwn = (event: Parameters<typeof isOwnSender>[0]): boolean =>
    isOwnSender(event, window.current?.webContents, (address) => isOwnPage(address, developmentServer))
  const shellHandlers = shellMethods({
    info: () => appInfo(launch.profile, links.known),
    preferences,
    links,
    files: {
      open: dialogs.open,
      save: dialogs.save,
      showItemInFolder: (path) => shell.showItemInFolder(path),
      documents: () => app.getPath('documents'),
      host: questions,
      paths,
    },
    copy: (text) => clipboard.writeText(text),
    setPaused: (paused) => state.setPaused(paused),
    quit,
    updater,
    documents,
  })
  const answer = createInvokeHandler({
    shell: shellHandlers,
    host: (method, params) => host.request(method, params),
    isOwn,
    onValue: (_method, value) => paths.addFrom(value),
    log,
  })
  ipcMain.handle(INVOKE, answer)
  ipcMain.on(EVENT, (event, message: unknown) => {
    if (isOwn(event)) topics.subscribed(message)
  })
}

function makeMenu(): void {
  const actions = {
    go,
    openLink: (link: Parameters<typeof links.open>[0]) => void links.open(link),
    checkForUpdates: () => {
      go({ view: 'about' })
      void updater.check()
    },
    quit,
  }
  const template = applicationMenu({
    platform: process.platform,
    isPackaged: app.isPackaged,
    links: links.known,
    actions,
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function makeTray(): void {
  const actions = {
    open: () => window.show(),
    backUp: (plan: string) => void state.backUpNow(plan),
    restore: () => go({ view: 'browse' }),
    newPlan: () => go({ view: 'wizard' }),
    setPaused: (paused: boolean | number) => state.setPaused(paused),
    quit,
  }
  trayView = makeSystemTray({ folder: join(resources, 'tray'), platform: process.platform, now, actions })
  updateTray()
}

function listenToSystem(): void {
  const look = (): void => void scheduler.look()
  powerMonitor.on('resume', look)
  powerMonitor.on('unlock-screen', look)
  powerMonitor.on('on-ac', look)
  powerMonitor.on('on-battery', look)
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // The system waits a little for those who ask it to.
    event?.preventDefault()
    void quitting.leave()
  })
  nativeTheme.on('updated', updateTray)
  app.on('second-instance', () => window.show())
  app.on('activate', () => window.show())
  // The window decides by itself what its end means.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (quitting.isLeaving) return
    event.preventDefault()
    quit()
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void quitting.leave())
}

function applyPreferences(): void {
  nativeTheme.themeSource = preferences.preferences.theme
  applyAutostart()
  if (host.state === 'running') state.sendLimits()
  topics.send('preferences', preferences.preferences)
  void scheduler.look()
}

function start(): void {
  guardSession(session.defaultSession, guardParts)
  protocol.handle(scheme, createProtocolHandler(join(built, '../renderer'), documents))
  answerPage()
  makeMenu()
  makeTray()
  listenToSystem()
  nativeTheme.themeSource = preferences.preferences.theme
  preferences.onChange(applyPreferences)
  board.update({ paused: state.paused() })
  host.start()
  updater.start()
  if (!isHidden(launch, process.platform, preferences.preferences, app)) window.show()
}

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()
