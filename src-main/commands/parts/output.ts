import { printable } from '../../../src-shared/text/printable.ts'

export interface OutputOptions {
  readonly json: boolean
  readonly verbose: boolean
  readonly quiet: boolean
}

/** What is printed with --json: `message_type` says what the other fields are. */
export type Message = Readonly<Record<string, unknown>> & { readonly message_type: string }

/** What the program says. Results go to standard output; everything else to standard error. */
export interface Output extends OutputOptions {
  /** The progress line is cleared before anything else is written. */
  clearLine: () => void
  /** A line of the result; not with --json. */
  line(text: string): void
  /** A line of a summary: a result that --quiet leaves out. */
  summary(text: string): void
  /** A JSON object on a line of its own; only with --json. */
  object(message: Message): void
  /** A remark, unless --quiet. */
  note(text: string): void
  warn(text: string): void
  /** What ended the command; with --json it is an object instead. */
  failure(text: string): void
  /** Only with --verbose. */
  detail(text: string): void
  /** Progress for a terminal, without a line break. */
  transient(text: string): void
  /** Resolves when what was written to standard output is taken. */
  drained(): Promise<void>
}

type Sink = Pick<NodeJS.WriteStream, 'write' | 'once' | 'off' | 'writableNeedDrain' | 'writable'>

export function createOutput(options: OutputOptions, out: Sink, errors: Sink): Output {
  const { json, verbose, quiet } = options
  const output: Output = {
    ...options,
    clearLine: () => undefined,
    line: (text) => {
      if (!json) write(out, text)
    },
    summary: (text) => {
      if (!json && !quiet) write(out, text)
    },
    object: (message) => {
      if (json) write(out, JSON.stringify(message))
    },
    note: (text) => {
      if (!quiet) write(errors, text)
    },
    warn: (text) => write(errors, `warning: ${text}`),
    failure: (text) => write(errors, text),
    detail: (text) => {
      if (verbose) write(errors, text)
    },
    transient: (text) => {
      errors.write(text)
    },
    drained: () => drained(out),
  }
  const write = (sink: Sink, text: string): void => {
    output.clearLine()
    sink.write(`${text}\n`)
  }
  return output
}

/** Waits for the reader; a reader that has gone shows as an error of the stream, which comes a moment later. */
async function drained(out: Sink): Promise<void> {
  if (out.writableNeedDrain && out.writable)
    await new Promise<void>((resolve) => {
      const done = (): void => {
        out.off('drain', done)
        out.off('close', done)
        resolve()
      }
      out.once('drain', done)
      out.once('close', done)
    })
  await new Promise((resolve) => setImmediate(resolve))
}

/** Values in a row, as a table with as much room as each column needs. Columns count from 0; `right` are numbers. */
export function tableLines(rows: readonly (readonly string[])[], widths: (text: string) => number): string[] {
  const columns: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) columns[at] = Math.max(columns[at] ?? 0, widths(printable(cell)))
  return rows.map((row) =>
    row
      .map((cell, at) => printable(cell) + ' '.repeat((columns[at] ?? 0) - widths(printable(cell))))
      .join('  ')
      .trimEnd(),
  )
}
