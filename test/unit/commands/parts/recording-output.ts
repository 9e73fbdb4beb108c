import { PassThrough } from 'node:stream'
import {
  createOutput,
  type Message,
  type Output,
  type OutputOptions,
} from '../../../../src-main/commands/parts/output.ts'

export interface RecordingOutput {
  readonly output: Output
  /** What was written to standard output and error, as it was written. */
  readonly lines: string[]
  readonly errors: string[]
  /** What was printed with --json. */
  readonly objects: Message[]
}

export function recordingOutput(options: Partial<OutputOptions>): RecordingOutput {
  const lines: string[] = []
  const errors: string[] = []
  const objects: Message[] = []
  const sink = (take: (text: string) => void): PassThrough => {
    const stream = new PassThrough()
    stream.write = (chunk: unknown) => {
      take(String(chunk))
      return true
    }
    return stream
  }
  const out = sink((text) => {
    lines.push(text)
    if (options.json === true) objects.push(JSON.parse(text) as Message)
  })
  const output = createOutput(
    { json: false, verbose: false, quiet: false, ...options },
    out as never,
    sink((text) => errors.push(text)) as never,
  )
  return { output, lines, errors, objects }
}
