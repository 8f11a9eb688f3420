/** One short piece of work, from an empty project to a finished ticket: what must work wherever the skill lies. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { git, writeFiles } from './project.ts'
import type { Ended } from './tkt.ts'

export type Runner = (...args: readonly string[]) => Ended

/** Expects every command to succeed with exactly one line on standard output and none on standard error. */
export function workStory(run: Runner): void {
  const said = runQuietly(run)
  expect(said('init-roadmap', '--project', 'Ein „Versuch“')).toMatchObject({ project: 'Ein „Versuch“' })
  const created = said('create-bundle', '--goal', 'Ship it')
  expect(created).toMatchObject({ bundle_id: 'B-001', tickets: ['TKT-000', 'TKT-A00'] })
  const added = said('add', ...BUNDLE, '--title', 'Count the hits')
  expect(added).toMatchObject({ ticket_id: 'TKT-001' })
  workThrough(said, 'TKT-001', 'alice')
  expect(said('status', ...BUNDLE)).toMatchObject({ status: 'in_progress', counts: { open: 2, done: 1 } })
  expect(said('list')).toMatchObject({ bundles: [{ id: 'B-001', status: 'in_progress' }] })
}

/** Goes on where workStory ends: an audit by somebody else, and the close. */
export function closeStory(run: Runner): void {
  const said = runQuietly(run)
  workThrough(said, 'TKT-A00', 'bob')
  expect(said('close', ...BUNDLE)).toMatchObject({ closed: true, done: 3, carryover_count: 0 })
}

/** In a git project: a bundle with a worktree of its own, whose acceptance command needs what was made in it. */
export function worktreeStory(project: string, runIn: (cwd: string) => Runner): void {
  const said = runQuietly(runIn(project))
  said('init-roadmap', '--project', 'Versuch')
  const { worktree } = said('create-bundle', '--goal', 'Ship it', '--worktree')
  const place = join(project, String(worktree))
  const saidThere = runQuietly(runIn(place))
  saidThere('add', ...BUNDLE, '--title', 'Count the hits', '--run', 'test -f hits.txt')
  writeFiles(place, { 'hits.txt': '3\n' })
  git(place, 'add', '-A')
  git(place, 'commit', '-q', '-m', 'Count the hits')
  workThrough(saidThere, 'TKT-001', 'alice')
  workThrough(said, 'TKT-A00', 'bob')
  expect(said('close', ...BUNDLE, '--merge')).toMatchObject({ merged: true, carryover_count: 0 })
  expect(existsSync(join(project, 'hits.txt'))).toBe(true)
}

const BUNDLE = ['--bundle', 'B-001'] as const

function workThrough(said: ReturnType<typeof runQuietly>, ticket: string, agent: string): void {
  const about = [...BUNDLE, '--ticket', ticket, '--agent', agent]
  expect(said('claim', ...about)).toMatchObject({ claimed: true, agent })
  const done = said('update', ...about, '--status', 'done', '--evidence', 'ran it: 3 pass')
  expect(done).toEqual({ ok: true, ticket_id: ticket, new_status: 'done' })
}

const runQuietly =
  (run: Runner) =>
  (...args: readonly string[]): Readonly<Record<string, unknown>> => {
    const { code, stdout, stderr, json } = run(...args)
    const isOneLine = /^\{.*\}\n$/.test(stdout)
    const wanted = { args, code: 0, stderr: '', isOneLine: true, json: { ok: true } }
    expect({ args, code, stderr, isOneLine, json }).toMatchObject(wanted)
    return json
  }
