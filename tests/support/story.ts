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
  expect(said('create-bundle', '--goal', 'Ship it')).toMatchObject({
    bundle_id: 'B-001',
    tickets: ['TKT-000', 'TKT-A00'],
  })
  expect(said('add', '--bundle', 'B-001', '--title', 'Count the hits')).toMatchObject({ ticket_id: 'TKT-001' })
  expect(said('claim', '--bundle', 'B-001', '--ticket', 'TKT-001', '--agent', 'alice')).toMatchObject({
    claimed: true,
  })
  expect(
    said('update', '--bundle', 'B-001', '--ticket', 'TKT-001', '--status', 'done', '--evidence', 'ran it: 3 pass'),
  ).toMatchObject({ new_status: 'done' })
  expect(said('status', '--bundle', 'B-001')).toMatchObject({ status: 'in_progress', counts: { open: 2, done: 1 } })
  expect(said('list')).toMatchObject({ bundles: [{ id: 'B-001', status: 'in_progress' }] })
}

/** Goes on where workStory ends: an audit by somebody else, and the close. */
export function closeStory(run: Runner): void {
  const said = runQuietly(run)
  const audit = ['--bundle', 'B-001', '--ticket', 'TKT-A00'] as const
  expect(said('claim', ...audit, '--agent', 'bob')).toMatchObject({ role: 'audit' })
  expect(said('update', ...audit, '--status', 'done', '--agent', 'bob', '--evidence', 'read it')).toMatchObject({
    new_status: 'done',
  })
  expect(said('close', '--bundle', 'B-001')).toMatchObject({ closed: true, done: 3, carryover_count: 0 })
}

/** In a git project: a bundle with a worktree of its own, whose acceptance command needs what was made in it. */
export function worktreeStory(project: string, runIn: (cwd: string) => Runner): void {
  const said = runQuietly(runIn(project))
  said('init-roadmap', '--project', 'Versuch')
  const { worktree } = said('create-bundle', '--goal', 'Ship it', '--worktree')
  const place = join(project, String(worktree))
  const work = runQuietly(runIn(place))
  work('add', '--bundle', 'B-001', '--title', 'Count the hits', '--run', 'test -f hits.txt')
  writeFiles(place, { 'hits.txt': '3\n' })
  git(place, 'add', '-A')
  git(place, 'commit', '-q', '-m', 'Count the hits')
  work('update', '--bundle', 'B-001', '--ticket', 'TKT-001', '--status', 'done', '--agent', 'alice', '--evidence', 'hits.txt')
  said('claim', '--bundle', 'B-001', '--ticket', 'TKT-A00', '--agent', 'bob')
  said('update', '--bundle', 'B-001', '--ticket', 'TKT-A00', '--status', 'done', '--agent', 'bob', '--evidence', 'read it')
  expect(said('close', '--bundle', 'B-001', '--merge')).toMatchObject({ merged: true, carryover_count: 0 })
  expect(existsSync(join(project, 'hits.txt'))).toBe(true)
}

const runQuietly =
  (run: Runner) =>
  (...args: readonly string[]): Readonly<Record<string, unknown>> => {
    const { code, stdout, stderr, json } = run(...args)
    expect({ args, code, stderr, lines: stdout.split('\n').length, ok: json.ok, stdout }).toEqual({
      args,
      code: 0,
      stderr: '',
      lines: 2,
      ok: true,
      stdout,
    })
    return json
  }
