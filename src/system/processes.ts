/** Runs one command line or program of the project so that nothing it does can hurt this process. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { listenToOutput, type CommandOutput } from './command-output.ts'
import { signalGroup, tieToThisProcess } from './process-group.ts'

export interface ProcessLimits {
  readonly directory: string
  /** Passed as it is; the caller filters. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeout_ms: number
  /** A text looked for in stdout followed by stderr. */
  readonly find?: string | undefined
}

export interface CommandRequest extends ProcessLimits {
  readonly command: string
  readonly shell: 'sh' | 'bash'
}

export interface ProgramRequest extends ProcessLimits {
  readonly file: string
  readonly args: readonly string[]
}

export interface CommandOutcome {
  readonly ended: 'exited' | 'timed_out' | 'killed' | 'not_started'
  /** Present when the command exited, and as 137 when its shell reported a SIGKILL. */
  readonly exit_code?: number
  readonly signal?: string
  readonly duration_ms: number
  readonly stdout: string
  readonly stderr: string
  readonly output_bytes: number
  /** Whether `find` was printed; true when nothing was looked for. */
  readonly contains: boolean
  readonly problem?: string
}

/**
 * Runs a command line in a shell ('bash' means sh where there is no bash) and tells how it ended.
 * Never throws; what it leaves running is ended, unless it opened a session of its own.
 */
export function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  if (process.platform === 'win32') {
    const args = ['/d', '/s', '/c', `"${request.command}"`]
    return supervise(request, { file: 'cmd.exe', args, options: { windowsVerbatimArguments: true } })
  }
  const shell = request.shell === 'bash' ? 'bash' : SH
  return supervise(request, { file: SH, args: ['-c', GUARDED_SHELL, shell, request.command], guarded: true })
}

/**
 * Runs a program with its arguments, without a shell; the same promises as `runCommand`,
 * save that the program's parent is this process.
 */
export function runProgram(request: ProgramRequest): Promise<CommandOutcome> {
  return supervise(request, { file: request.file, args: request.args })
}

const SH = '/bin/sh'
// The command's parent is this outer shell, in the command's own group: `kill -9 $PPID` ends that shell, not us.
// A shell may replace itself by the last command of its script, hence the `exit` after it.
const GUARDED_SHELL =
  'if command -v "$0" >/dev/null 2>&1; then "$0" -c "$1"; else /bin/sh -c "$1"; fi; exit $?'

interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly options?: { readonly windowsVerbatimArguments: true }
  readonly guarded?: true
}

async function supervise(limits: ProcessLimits, program: Program): Promise<CommandOutcome> {
  const began = performance.now()
  const output = listenToOutput(limits.find)
  const ending = await startAndAttend(limits, program, output)
  return {
    ...verdict(ending, program.guarded === true),
    duration_ms: Math.round(performance.now() - began),
    stdout: output.stdout.tail(),
    stderr: output.stderr.tail(),
    output_bytes: output.stdout.bytes() + output.stderr.bytes(),
    contains: output.contains(),
  }
}

async function startAndAttend(
  limits: ProcessLimits,
  program: Program,
  output: CommandOutput,
): Promise<Ending> {
  const tie = tieToThisProcess()
  try {
    const child = spawn(program.file, program.args, {
      ...program.options,
      cwd: limits.directory,
      env: limits.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, which can be ended whole
      windowsHide: true,
    })
    if (child.pid === undefined) throw (await once(child, 'error'))[0]
    tie.hold(child.pid)
    return await attend(child, child.pid, output, limits.timeout_ms)
  } catch (error) {
    // survived: told; node throws at once over what can never be an argument, such as a command with a NUL in it
    return notStarted(error instanceof Error ? error.message : undefined)
  } finally {
    tie.release()
  }
}

type Ending =
  | { readonly kind: 'not_started'; readonly problem: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null }

const notStarted = (problem = 'it could not be started'): Ending => ({ kind: 'not_started', problem })

/** Waits for the child, its time limit and then its pipes; afterwards nothing of its group is left. */
async function attend(
  child: ChildProcess,
  pid: number,
  output: CommandOutput,
  timeout_ms: number,
): Promise<Ending> {
  child.on('error', () => undefined) // of a signal that came too late
  child.stdout?.on('data', output.stdout.take)
  child.stderr?.on('data', output.stderr.take)
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'ended', code, signal }))
  })
  const pipesClosed = new Promise((resolve) => child.once('close', resolve))
  const deadline = enforceDeadline(pid, timeout_ms)
  const ending = await exited
  deadline.stop() // at once: what follows is our own waiting
  await Promise.race([pipesClosed, pause(deadline.passed() ? TERM_TO_KILL_MS : PIPES_MS)])
  signalGroup(pid, 'SIGKILL')
  await Promise.race([pipesClosed, pause(PIPES_MS)])
  child.stdout?.destroy()
  child.stderr?.destroy()
  return deadline.passed() ? { kind: 'timed_out' } : ending
}

// Without a reference, so that a race that is decided does not keep this process from ending.
const pause = (ms: number): Promise<void> => delay(ms, undefined, { ref: false })
const PIPES_MS = 200
const TERM_TO_KILL_MS = 1000
const LONGEST_TIMER_MS = 2 ** 31 - 1

function enforceDeadline(pid: number, timeout_ms: number): { passed: () => boolean; stop: () => void } {
  let passed = false
  let timer = setTimeout(
    () => {
      passed = true
      signalGroup(pid, 'SIGTERM')
      timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), TERM_TO_KILL_MS)
    },
    Math.min(timeout_ms, LONGEST_TIMER_MS),
  )
  return { passed: () => passed, stop: () => clearTimeout(timer) }
}

function verdict(
  ending: Ending,
  guarded: boolean,
): Pick<CommandOutcome, 'ended' | 'exit_code' | 'signal' | 'problem'> {
  switch (ending.kind) {
    case 'not_started':
      return { ended: 'not_started', problem: ending.problem }
    case 'timed_out':
      return { ended: 'timed_out' }
    case 'ended':
      if (ending.code === null) return { ended: 'killed', signal: ending.signal ?? 'unknown' }
      // 128 + 9 is how the outer shell tells that the command's own shell was killed.
      if (guarded && ending.code === 137) return { ended: 'killed', exit_code: 137, signal: 'SIGKILL' }
      return { ended: 'exited', exit_code: ending.code }
    default:
      return ending satisfies never
  }
}
