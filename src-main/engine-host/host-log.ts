import { openLog, type LogLine } from '../commands/parts/log.ts'
import { programVersion } from '../commands/parts/version.ts'
import type { OperationResult } from './operations/operation.ts'

type Outcome = Pick<OperationResult, 'kind' | 'outcome' | 'started' | 'ended' | 'problem'>

/** What the host notes in the log of the profile. A log that cannot be written keeps nobody from anything. */
export interface HostLog {
  /** Something that the program did not expect; nothing of what is backed up may be in it. */
  tell(sentence: string): void
  /** Resolves when it is written. */
  operationEnded(operation: Outcome): Promise<void>
}

/** `aloud`: gets the sentences too. */
export function openHostLog(profile: string, aloud: (sentence: string) => void): HostLog {
  const log = openLog(profile)
  let last: Promise<void> = Promise.resolve()
  // One after the other: two that find the file full at once would begin two new ones.
  const write = (line: Pick<LogLine, 'level' | 'event' | 'figures'>): Promise<void> => {
    const whole = { time: new Date().toISOString(), pid: process.pid, version: programVersion(), ...line }
    last = last.then(() => log.write(whole)).catch(() => undefined)
    return last
  }
  return {
    tell: (sentence) => {
      aloud(sentence)
      void write({ level: 'warning', event: 'engine-host', figures: { what: withoutFolders(sentence) } })
    },
    operationEnded: (operation) =>
      write({
        level: levels[operation.outcome],
        event: `operation.${operation.kind}`,
        figures: figuresOf(operation),
      }),
  }
}

const levels: Readonly<Record<Outcome['outcome'], LogLine['level']>> = {
  running: 'info',
  done: 'info',
  stopped: 'info',
  incomplete: 'warning',
  interrupted: 'warning',
  failed: 'error',
}

function figuresOf({ outcome, started, ended, problem }: Outcome): LogLine['figures'] {
  const figures = { outcome, ...(ended === null ? {} : { duration_ms: ended - started }) }
  if (problem === null) return figures
  const { reason, errno } = problem.params
  const words = Object.entries({ reason, errno }).filter(([, word]) => typeof word === 'string')
  return { ...figures, code: problem.code, ...(Object.fromEntries(words) as Record<string, string>) }
}

/** A place in the program is its file and line: where the program lies may name a person. */
function withoutFolders(sentence: string): string {
  return sentence.replaceAll(/(?<=^|[\s(])(?:file:\/\/)?(?:\/?[A-Za-z]:)?[\\/](?:[^\\/():\n]*[\\/])*/g, '')
}
