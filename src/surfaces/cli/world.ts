/** The world as a command sees it: the runtime, and what it may tell before its answer. */
import { lineOf } from '../../operation/envelope.ts'
import type { Runtime } from '../../runtime.ts'

interface Told {
  readonly warnings: string[]
  /** How a text is written to standard error. */
  readonly draw: (text: string) => string
  readonly json: boolean
}

export const worldOf = (runtime: Runtime, { warnings, draw, json }: Told) => ({
  ...runtime,
  warn: (text: string) => {
    warnings.push(text)
  },
  progress: (text: string) => {
    if (runtime.stderrIsTerminal) runtime.writeError(`${draw(text)}\n`)
  },
  emit: async (record: object, forPeople: string) => {
    const isForPeople = runtime.stdoutIsTerminal && !json
    const text = isForPeople ? (await import('./views/drawable.ts')).drawable(forPeople) : lineOf(record)
    runtime.writeOut(`${text}\n`)
  },
})
