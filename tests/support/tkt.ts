/** Runs the built command line, as a user would: dist/tkt.cjs in a process of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

export const DIST = join(import.meta.dirname, '../../dist/tkt.cjs')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The last line of standard output, parsed. */
  readonly json: Readonly<Record<string, unknown>>
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  readonly node?: string
  readonly entry?: string
}

/** Runs one command and waits for it. */
export function tkt(args: readonly string[], options: RunOptions): Ended {
  const { status, signal, stdout, stderr } = spawnSync(
    options.node ?? process.execPath,
    [options.entry ?? DIST, ...args],
    {
      cwd: options.cwd,
      env: environment(options.env),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      ...(options.input === undefined ? {} : { input: options.input }),
    },
  )
  return { code: status, signal, stdout, stderr, json: lastJson(stdout) }
}

/** Starts one command and resolves when it has ended: for commands that run at the same time. */
export function tktAsync(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = spawn(options.node ?? process.execPath, [options.entry ?? DIST, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
  })
  child.stdin.end(options.input ?? '')
  return endOf(child)
}

/** Resolves when a command that was started elsewhere has ended, by itself or not. */
export function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, json: lastJson(stdout) }))
  })
}

/** The caller's environment without anything that would lead a command elsewhere, and with a user of ours. */
export function environment(extra: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const {
    TKT_ROOT: _t,
    PROJECT_ROOT: _p,
    CONFIG_DIR: _c,
    CLAUDE_PROJECT_DIR: _d,
    NODE_EXTRA_CA_CERTS: _n,
    TKT_DATABASE_URL: _u,
    DATABASE_URL: _l,
    SKILL_PGDATABASE: _s,
    ...rest
  } = process.env
  const entries = Object.entries(rest).filter(([name]) => !name.endsWith('SESSION_ID'))
  return { ...Object.fromEntries(entries), USER: 'tester', ...extra }
}

function lastJson(stdout: string): Readonly<Record<string, unknown>> {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return { unparsable: line } // a test that expects JSON fails on what it finds here
  }
}
