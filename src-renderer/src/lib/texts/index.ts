import { aboutTexts } from './about.ts'
import { accountTexts } from './accounts.ts'
import { appTexts } from './app.ts'
import { browseTexts } from './browse.ts'
import { dataTypeTexts } from './data-types.ts'
import { destinationTexts } from './destinations.ts'
import { failureTexts } from './failures.ts'
import { homeTexts } from './home.ts'
import { pickerTexts } from './pickers.ts'
import { planTexts } from './plans.ts'
import { previewTexts } from './preview.ts'
import { restoreTexts } from './restore.ts'
import { runTexts } from './runs.ts'
import { settingsTexts } from './settings.ts'
import { signInTexts } from './sign-in.ts'
import { wizardTexts } from './wizard.ts'

/**
 * All that people read in the window, in English. A feature has a module of its own beside this one and a line here;
 * another language is another object of the same type. Amounts of something: `plural`.
 */
export const texts = {
  about: aboutTexts,
  accounts: accountTexts,
  app: appTexts,
  browse: browseTexts,
  dataTypes: dataTypeTexts,
  destinations: destinationTexts,
  failures: failureTexts,
  home: homeTexts,
  pickers: pickerTexts,
  plans: planTexts,
  preview: previewTexts,
  restore: restoreTexts,
  runs: runTexts,
  settings: settingsTexts,
  signIn: signInTexts,
  wizard: wizardTexts,
}
