/** The composition root: makes the real ports once. The only reader of the process's environment, folder and streams. */
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Runtime {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where this program is installed. */
  readonly skillFolder: string
  readonly now: () => Date
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** The width of the terminal, in characters. */
  readonly columns: number
  readonly readStdin: () => Promise<string>
  readonly writeOut: (text: string) => void
  readonly writeError: (text: string) => void
  readonly setExitCode: (code: number) => void
}

/** The process as it is. A reader that goes away early (`| head -1`) is no failure. */
export function realRuntime(): Runtime {
  process.stdout.on('error', forgiveClosedPipe)
  process.stderr.on('error', forgiveClosedPipe)
  return {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    environment: process.env,
    skillFolder: dirname(dirname(realpathSync(process.argv[1] ?? '.'))),
    now: () => new Date(),
    stdoutIsTerminal: process.stdout.isTTY,
    stderrIsTerminal: process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : 100,
    readStdin,
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    setExitCode: (code) => {
      process.exitCode = code
    },
  }
}

function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
