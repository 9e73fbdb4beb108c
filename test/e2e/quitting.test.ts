import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasRestic, restic } from '../integration/repository/restic.ts'
import { ask } from './support/ask.ts'
import { mails, passphrase } from './support/command-line.ts'
import { mainWindow } from './support/desktop.ts'
import { itemsDone } from './support/page-events.ts'
import { ended } from './support/profile.ts'
import { desktopWithPlan, messageContent, stallMessages } from './support/scenes.ts'
import { backUp, backUpToEnd } from './support/tray.ts'

test('quitting in the middle of a run asks, and a run that is stopped goes on the next time', async () => {
  const desktop = await desktopWithPlan()
  const app = await desktop.start()
  const page = await mainWindow(app)
  stallMessages(desktop)
  await backUp(app)
  await itemsDone(page)

  await app.answerDialog({ response: 2 })
  const first = app.waitForRecord(({ dialogs }) => dialogs.length === 1)
  await app.clickTrayMenu('Quit Holdfast')
  const [question] = (await first).dialogs
  expect(question).toMatchObject({
    method: 'showMessageBox',
    options: { message: 'A run is under way.', buttons: ['Quit when it is done', 'Stop it and quit', 'Cancel'] },
  })
  expect((await ask(page, 'operations.list', {})).length).toBe(1)

  await app.answerDialog({ response: 1 })
  await app.clickTrayMenu('Quit Holdfast')
  expect(await app.exited).toEqual({ code: 0, signal: null })
  expect(ended(desktop)).toEqual(['stopped'])
  expect(readdirSync(desktop.path('repository', 'locks'))).toEqual([])

  desktop.simulator.faults.clear()
  desktop.simulator.log.clear()
  const again = await desktop.start()
  const window = await mainWindow(again)
  expect((await backUpToEnd(again, window)).outcome).toBe('done')
  const [run] = (await ask(window, 'runs.list', { plan: null, cursor: null })).rows
  expect(run).toMatchObject({ outcome: 'done', items: mails, unread: 0 })
  await again.close()
  // What had come before is not read a second time.
  const read = desktop.simulator.log.count({ route: messageContent, status: 200 })
  console.log(`${String(read)} of ${String(mails)} messages were read after the run that was stopped`)
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThan(mails)
  if (hasRestic)
    expect(await restic(desktop.path('repository'), ['check'], { passphrase })).toContain('no errors were found')
})
