/** The temporary folder the demo plays in, and the programs it starts there: the built tkt, and git. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { StepFailed } from './step-failed.ts'

const HOME = join(import.meta.dirname, '../..')

export const DIST = join(HOME, 'dist/tkt.cjs')

/** What the demo's project demands of every close. */
export const CLOSE_GATE = 'node --test'

/** After so long without a sign of life a claim may be taken over; in a real project an hour, here nobody is to wait. */
export const STALE_MINUTES = 0.02

export interface Place {
  /** Holds everything: the projects, and beside them what the agents have prepared. */
  readonly folder: string
  readonly project: string
  /** The folder of another configuration than the project's. */
  readonly config?: string | undefined
}

export type Answer = Readonly<Record<string, unknown>>

/** An empty temporary folder, and where the project will be in it. */
export function newPlace(): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-demo-')))
  return { folder, project: join(folder, 'linkcheck') }
}

/** Makes a git repository from examples/project with the plan in it, and lays the examples' work beside it. */
export async function furnish({ folder, project }: Place, settings = ''): Promise<void> {
  cpSync(join(HOME, 'examples/project'), project, { recursive: true })
  cpSync(join(HOME, 'examples/work'), join(folder, 'work'), { recursive: true })
  cpSync(join(HOME, 'examples/plan.md'), join(project, 'plan.md'))
  configure(join(project, 'config'), `close_gate:\n  command: ${CLOSE_GATE}\n${settings}`)
  await git(project, 'init', '--quiet', '--initial-branch=main')
  for (const [key, value] of SETTINGS) await git(project, 'config', key, value)
  await git(project, 'add', '--all')
  await git(project, 'commit', '--quiet', '--message=Start linkcheck')
}

/** The setting by which a claim without a sign of life may be taken over after so long. */
export const staleAfter = (minutes: number): string => `stale:\n  idle_timeout_minutes: ${minutes}\n`

/** Writes a configuration into a folder of its own. */
export function configure(folder: string, settings: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tkt.yaml'), settings)
}

/** Neither a missing identity nor the settings of the machine's owner may change the play. */
const SETTINGS = [
  ['user.name', 'tkt demo'],
  ['user.email', 'demo@localhost'],
  ['commit.gpgSign', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.excludesFile', '/dev/null'],
  ['gc.auto', '0'],
] as const

/** Removes the folder; a file that is still being closed is tried again. */
export const removePlace = ({ folder }: Place): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

/** One command that must succeed. */
export async function done(place: Place, words: readonly string[]): Promise<Answer> {
  const answer = await tkt(place, words)
  if (answer.ok !== true) throw new StepFailed(['tkt', ...words], answer)
  return answer
}

/** One command that must be refused with this error: what the rules forbid belongs to the play. */
export async function refused(place: Place, words: readonly string[], error: string): Promise<Answer> {
  const answer = await tkt(place, words)
  if (answer.error !== error) throw new StepFailed(['tkt', ...words], { expected: error, answer })
  return answer
}

/** One command in a process of its own, with whatever it answers. */
export async function tkt(place: Place, words: readonly string[]): Promise<Answer> {
  const { answer } = await printed(place, words)
  return answer
}

/** The same, with the lines that it told before its answer. */
export async function printed({ project, config }: Place, words: readonly string[]): Promise<Printed> {
  const { stdout, stderr, exitCode, originalMessage } = await execa(process.execPath, [DIST, ...words], {
    cwd: project,
    env: { ...environment(), ...(config === undefined ? {} : { CONFIG_DIR: config }) },
    extendEnv: false,
    reject: false,
  })
  try {
    const lines = stdout.trimEnd().split('\n')
    const answer = JSON.parse(lines.pop() ?? '') as Answer
    if (typeof answer.ok === 'boolean') return { answer, lines }
  } catch {
    // survived: told below, together with what was printed instead of the line
  }
  throw new StepFailed(['tkt', ...words], { exit_code: exitCode ?? originalMessage, stdout, stderr })
}

interface Printed {
  readonly answer: Answer
  readonly lines: readonly string[]
}

/** Runs git and returns what it printed. Agents of one worktree get in each other's way for moments: then it tries again. */
export async function git(directory: string, ...words: readonly string[]): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const { stdout, stderr, exitCode, originalMessage } = await execa('git', words, {
      cwd: directory,
      env: { ...environment(), LC_ALL: 'C' },
      extendEnv: false,
      reject: false,
    })
    if (exitCode === 0) return stdout
    const isTransient = /index\.lock|cannot lock ref/.test(stderr)
    if (!isTransient || attempt === MOST_ATTEMPTS)
      throw new StepFailed(['git', ...words], { exit_code: exitCode ?? originalMessage, stdout, stderr })
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80))
  }
}

const MOST_ATTEMPTS = 50

/** The caller's environment with this node first, without what would lead tkt or git to another project or database. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !MISLEADING.test(name))
  const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)
  return { ...Object.fromEntries(kept), PATH: path, TKT_DATABASE_URL: 'embedded' }
}

const MISLEADING = /^(GIT_.*|TKT_.*|PROJECT_ROOT|CONFIG_DIR|CLAUDE_PROJECT_DIR|NODE_TEST_CONTEXT)$/
