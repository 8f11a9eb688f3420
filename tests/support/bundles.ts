/** A project whose operations run inside the test's process, and the short ways to a bundle in a certain state. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { expect } from 'vitest'
import type { Envelope } from '../../src/operation/envelope.ts'
import type { RawInput } from '../../src/operation/input.ts'
import { withLock } from '../../src/system/lock.ts'
import { run, worldIn, type World } from './operations.ts'
import { gitProject, projectFolder, writeFiles } from './project.ts'

export interface Project {
  readonly root: string
  readonly world: World
  /** Runs an operation; the answer may be a refusal. */
  readonly run: (name: string, raw?: RawInput, texts?: Readonly<Record<string, string>>) => Promise<Envelope>
  /** Runs an operation that must succeed. */
  readonly ok: (name: string, raw?: RawInput, texts?: Readonly<Record<string, string>>) => Promise<Fields>
  /** Lets this many seconds pass. */
  readonly wait: (seconds: number) => void
  readonly text: (path: string) => string
  readonly yaml: (path: string) => Fields
  readonly write: (files: Readonly<Record<string, string>>) => void
  readonly has: (path: string) => boolean
  /** The lines of history.log, without their times, what chains them, and the user that commands of tests run as. */
  readonly history: () => readonly string[]
  /** Runs `work` while somebody else holds that lock and nobody waits. */
  readonly whileLocked: (lock: string, work: () => Promise<Envelope>) => Promise<Envelope>
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test expects is what checks it
export type Fields = Readonly<Record<string, any>>

/** Opens the project in this folder. */
export function openProject(root: string): Project {
  const world = worldIn(root)
  const at = (path: string): string => join(root, path)
  const text = (path: string): string => readFileSync(at(path), 'utf8')
  const project: Project = {
    root,
    world,
    run: (name, raw, texts) => run(world, name, raw, texts),
    ok: async (name, raw, texts) => {
      const answer = await run(world, name, raw, texts)
      expect(answer).toMatchObject({ ok: true })
      return answer
    },
    wait: (seconds) => {
      world.now = new Date(world.now.getTime() + 1000 * seconds)
    },
    text,
    yaml: (path) => parse(text(path)) as Fields,
    write: (files) => writeFiles(root, files),
    has: (path) => existsSync(at(path)),
    history: () => {
      const lines = project.has('.tkt/history.log') ? text('.tkt/history.log').trimEnd().split('\n') : []
      return lines.map((line) =>
        line.replace(/^\[[^\]]*\] /, '').replace(/( user=tester)? prev=\S+ hash=\S+$/, ''),
      )
    },
    whileLocked: (lock, work) => {
      writeFiles(root, { 'config/tkt.yaml': 'ticket:\n  lock_timeout: 0\n' })
      return withLock({ directory: at('.tkt/locks'), name: lock, wait_ms: 0 }, work)
    },
  }
  return project
}

/** A project with a roadmap, and these files in it. */
export async function startProject(files?: Readonly<Record<string, string>>): Promise<Project> {
  const project = openProject(projectFolder(files))
  await project.ok('init-roadmap', { project: 'demo' })
  return project
}

/** The same, as a git repository on branch main. */
export async function startGitProject(files?: Readonly<Record<string, string>>): Promise<Project> {
  const project = openProject(gitProject({ '.gitignore': '.tkt/\n', ...files }))
  await project.ok('init-roadmap', { project: 'demo' })
  return project
}

/** A project with bundle B-001, which has this many workers. */
export async function startBundle(workers = 1, files?: Readonly<Record<string, string>>): Promise<Project> {
  const project = await startProject(files)
  await addBundle(project, workers)
  return project
}

/** One more bundle with this many workers. */
export async function addBundle(project: Project, workers = 1, raw: RawInput = {}): Promise<string> {
  const { bundle_id } = await project.ok('create-bundle', { goal: 'Ship it', ...raw })
  for (let number = 1; number <= workers; number += 1) {
    await project.ok('add', { bundle: bundle_id, title: `Part ${number}` })
  }
  return bundle_id as string
}

/** Claims a ticket and finishes it with evidence. */
export async function finish(
  project: Project,
  ticket: string,
  agent: string,
  raw: RawInput = {},
): Promise<void> {
  const { bundle = 'B-001', ...rest } = raw
  await project.ok('claim', { bundle, ticket, agent })
  await project.ok('update', { bundle, ticket, status: 'done', agent, evidence: `${ticket} works`, ...rest })
}

/** Finishes every worker as alice and the audit as bob: the bundle can be closed. */
export async function finishAll(project: Project, bundle = 'B-001'): Promise<void> {
  const names = readdirSync(join(project.root, '.tkt/bundles', bundle))
  for (const name of names
    .filter((name) => /^TKT-\d+\.yaml$/.test(name) && name !== 'TKT-000.yaml')
    .toSorted()) {
    await finish(project, name.replace('.yaml', ''), 'alice', { bundle })
  }
  await finish(project, 'TKT-A00', 'bob', { bundle, summary: 'looked at TKT-001' })
}

/** Expects a refusal of this name and published number, with words that match. */
export function expectRefusal(answer: Envelope, error: string, code: string, message = /./): void {
  expect(answer).toMatchObject({ ok: false, status: 'error', error, error_code: code })
  expect(answer.message).toMatch(message)
  expect(answer.hint).toMatch(/./)
}

/** What stands at a dotted path, such as `details.failures.0.message`; -1 is the last of a list. */
export function at(value: unknown, path: string): unknown {
  const step = (found: unknown, name: string): unknown =>
    Array.isArray(found)
      ? found.at(Number(name))
      : (found as Readonly<Record<string, unknown>> | undefined)?.[name]
  return path.split('.').reduce(step, value)
}

/** The rows of the list at that path. */
export const rowsAt = (value: unknown, path: string): readonly Readonly<Record<string, unknown>>[] =>
  at(value, path) as readonly Readonly<Record<string, unknown>>[]

/** Every file below the folder with the digest of its bytes: equal trees have changed nothing. */
export function treeOf(
  folder: string,
  leaveOut: readonly string[] = ['.git', 'locks', 'tmp', 'cache', 'leases'],
): Fields {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !leaveOut.includes(name))
  return Object.fromEntries(
    entries.flatMap((entry): readonly (readonly [string, string])[] => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        const below = Object.entries(treeOf(path, leaveOut)).map(
          ([name, hash]) => [`${entry.name}/${name}`, String(hash)] as const,
        )
        return [[`${entry.name}/`, 'folder'], ...below]
      }
      const bytes = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path)
      return [[entry.name, createHash('sha256').update(bytes).digest('hex')]]
    }),
  )
}

/** Expects that `work` leaves the project as it is, byte for byte. */
export async function expectNoChange(project: Project, work: () => Promise<unknown>): Promise<void> {
  const before = treeOf(project.root)
  await work()
  expect(treeOf(project.root)).toEqual(before)
}
