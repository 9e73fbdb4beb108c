import { startVariable, type StartOptions } from './start-variable.ts'

/** Taken out of the environment: main sees nothing of it. */
function take(): StartOptions {
  const text = process.env[startVariable]
  if (text === undefined) throw new Error('the stand-in for Electron is started by launch.ts')
  Reflect.deleteProperty(process.env, startVariable)
  return JSON.parse(text) as StartOptions
}

export const startOptions: StartOptions = take()
