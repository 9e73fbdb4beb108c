#!/usr/bin/env node
import { runProgram } from './program.ts'

/** Everything is over by then; something that still holds the process (a socket, a thread) must not keep the user. */
const GRACE = 3_000

process.exitCode = await runProgram(process.argv.slice(2), process.env)
setTimeout(() => process.exit(), GRACE).unref()
