/** The composition root: makes the real ports once. The only reader of the process's environment, folder and streams. */
import { existsSync, realpathSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { FileTooLarge } from './system/files.ts'
import { outputStream } from './system/output-stream.ts'

export interface Runtime {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where this program is installed. */
  readonly skillFolder: string
  readonly now: () => Date
  /** The name of whoever runs this, as the system knows it. */
  readonly systemUser: () => string
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** The width of the terminal, in characters. */
  readonly columns: number
  readonly readStdin: () => Promise<string>
  readonly writeOut: (text: string) => void
  readonly writeError: (text: string) => void
  readonly setExitCode: (code: number) => void
  /** Aborted when the user or the system asks for an end, or nobody reads the output any more; for what would go on and on. */
  readonly whenStopped: () => AbortSignal
}

/** The process as it is. A reader that goes away early (`| head -1`) is no failure; an answer that cannot be written is. */
export function realRuntime(): Runtime {
  const error = outputStream(2, () => undefined)
  let lost = false
  let stop: AbortController | undefined
  const output = outputStream(
    1,
    ({ message }) => {
      lost = true
      process.exitCode = ANSWER_LOST
      error.write(`the answer could not be written: ${message}\n`)
      stop?.abort()
    },
    () => stop?.abort(),
  )
  return {
    argv: process.argv.slice(2),
    cwd: workingDirectory(),
    environment: process.env,
    skillFolder: dirname(dirname(realpathSync(process.argv[1] ?? '.'))),
    now: () => new Date(),
    systemUser,
    stdoutIsTerminal: output.isTerminal,
    stderrIsTerminal: error.isTerminal,
    columns: output.columns ?? 100,
    readStdin,
    writeOut: output.write,
    writeError: error.write,
    setExitCode: (code) => {
      if (!lost) process.exitCode = code
    },
    whenStopped: () => (stop ??= stopBySignal()).signal,
  }
}

/** By the first of these; a second one ends the process at once, as ever. */
function stopBySignal(): AbortController {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      stop.abort()
    })
  return stop
}

/** The exit code of the kind `unavailable`: what was done is done, only telling it failed. */
const ANSWER_LOST = 6

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}` // survived: containers run users whom the system does not know
  }
}

/** A folder that was removed under our feet, as a merged worktree is, still has a name that leads to the project. */
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    const { PWD } = process.env // survived: with --root or TKT_ROOT it does not matter where we stand
    return PWD === undefined || existsSync(PWD) ? '/' : PWD
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes > LARGEST_INPUT) throw new FileTooLarge('standard input', bytes, LARGEST_INPUT)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** More than all the inputs of an operation may hold together; an endless pipe must not take all the memory there is. */
const LARGEST_INPUT = 16_000_000
