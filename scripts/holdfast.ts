import { buildCli, builtProgram } from './build-cli.ts'
import { runProgram } from './run-program.ts'

// Runs the built command line.
await buildCli()
process.exitCode = await runProgram(process.execPath, ['--enable-source-maps', builtProgram, ...process.argv.slice(2)])
