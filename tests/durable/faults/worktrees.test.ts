/** Worktrees of tickets under many sessions at once, and under `kill -9`: all work is merged, once, and none of it is lost. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { preloadFile } from '../../faults/preload.ts'
import { crowd, numbered, race } from '../../faults/race.ts'
import { git, gitProject, writeFiles } from '../../support/project.ts'
import { DIST, environment, tkt, type Ended } from '../../support/tkt.ts'
import { DATABASES } from './databases.ts'

const LIMIT = { timeout: 600_000 }
const SESSIONS = 6

const repository = (): string => gitProject({ 'README.md': '# test\n', '.gitignore': '/.tkt/\n' })

function work(tree: string, name: string): void {
  writeFiles(tree, { [name]: `${name}\n` })
  git(tree, 'add', '-A')
  git(tree, 'commit', '-q', '-m', name)
}

interface Told {
  readonly ticket_id: string
  readonly worktree: { readonly worktree_path: string }
}

describe.each(DATABASES.slice(0, 2))('%s', (_name, { start }) => {
  test(
    `${SESSIONS} sessions at once: each has a worktree of its own, and each close is merged once`,
    LIMIT,
    async () => {
      const { env } = await start()
      const project = { cwd: repository(), ...(env === undefined ? {} : { env }) }
      for (const key of numbered('TKT', 1, SESSIONS))
        expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
      const claimed = await race(
        crowd(SESSIONS, (number) => ['next-ticket', `s${number}`, '--worktree']),
        project,
      )
      expect(claimed.map(({ json }) => json.message)).toEqual(claimed.map(() => undefined))
      const tickets = claimed.map(({ json }) => json.ticket as Told)
      expect(new Set(tickets.map(({ worktree }) => worktree.worktree_path)).size).toBe(SESSIONS)
      for (const { ticket_id, worktree } of tickets) work(worktree.worktree_path, `${ticket_id}.txt`)
      const closed = await race(
        crowd(SESSIONS, (number) => ['close-ticket', '--session-id', `s${number}`]),
        project,
      )
      expect(closed.map(({ json }) => json.message)).toEqual(closed.map(() => undefined))
      expect(closed.map(({ json }) => json.ticket)).toMatchObject(
        closed.map(() => ({ status: 'CLOSED', worktree: { merged: true, cleaned_up: true } })),
      )
      expect(git(project.cwd, 'status', '--porcelain')).toBe('')
      expect(git(project.cwd, 'log', '--merges', '--first-parent', '--format=%h').split('\n')).toHaveLength(
        SESSIONS,
      )
      expect(git(project.cwd, 'ls-files', 'TKT-*').split('\n')).toEqual(
        numbered('TKT', 1, SESSIONS).map((key) => `${key}.txt`),
      )
      expect(git(project.cwd, 'worktree', 'list').split('\n')).toHaveLength(1)
      expect(git(project.cwd, 'branch', '--format=%(refname:short)')).toBe('main')
    },
  )
})

/** For every n: the project as it is, the command killed at its n-th step and run again, judged. */
function killAtEveryStep(cwd: string, words: readonly string[], judge: (again: Ended) => void): number {
  const keep = `${cwd}-as-it-was`
  cpSync(cwd, keep, { recursive: true, preserveTimestamps: true })
  const killAt = preloadFile(new URL('kill-at-step.ts', import.meta.url))
  for (let step = 1; ; step += 1) {
    rmSync(cwd, { recursive: true })
    cpSync(keep, cwd, { recursive: true, preserveTimestamps: true })
    const { signal, status, stderr } = spawnSync(process.execPath, [...killAt, DIST, ...words], {
      cwd,
      env: environment({ KILL_AT: String(step) }),
      encoding: 'utf8',
    })
    if (signal !== 'SIGKILL') {
      expect([status, stderr]).toEqual([0, ''])
      return step - 1
    }
    try {
      judge(tkt(words, { cwd }))
    } catch (error) {
      throw new Error(`killed at step ${step}: ${String(error)}`, { cause: error })
    }
  }
}

describe('killed at each of its steps, and run again', () => {
  test('a claim with a worktree: the ticket is held, and has one worktree, on its branch', LIMIT, () => {
    const cwd = repository()
    expect(tkt(['intake-ticket', 'TKT-1', 'T', 'S'], { cwd }).code).toBe(0)
    const steps = killAtEveryStep(cwd, ['claim-ticket', 'TKT-1', 's1', '--worktree'], ({ json }) => {
      expect([json.message, json.claimed, json.claim_no]).toEqual([undefined, true, 1])
      const { worktree_path } = (json.ticket as Told).worktree
      expect(worktree_path).toBe(join(cwd, '.tkt/worktrees/TKT-1'))
      expect(git(worktree_path, 'status', '--porcelain', '--branch')).toBe('## tkt/TKT-1')
      expect(git(cwd, 'worktree', 'list').split('\n')).toHaveLength(2)
    })
    expect(steps).toBeGreaterThan(20)
  })

  test(
    'a close that merges: it is closed and merged once, and what is left over can be taken away',
    LIMIT,
    () => {
      const cwd = repository()
      const tree = join(cwd, '.tkt/worktrees/TKT-1')
      const close = ['close-ticket', 'TKT-1', '--session-id', 's1']
      expect(tkt(['intake-ticket', 'TKT-1', 'T', 'S'], { cwd }).code).toBe(0)
      expect(tkt(['claim-ticket', 'TKT-1', 's1', '--worktree'], { cwd }).code).toBe(0)
      work(tree, 'work.txt')
      work(cwd, 'other.txt')
      const steps = killAtEveryStep(cwd, close, ({ json }) => {
        expect(json.ok === true || json.error === 'TICKET_NOT_OWNED_BY_SESSION').toBe(true)
        const { ticket } = tkt(['show-ticket', 'TKT-1'], { cwd }).json
        expect(ticket).toMatchObject({ status: 'CLOSED', proof: { merge: { target: 'main' } } })
        expect(git(cwd, 'log', '--merges', '--first-parent', '--format=%h').split('\n')).toHaveLength(1)
        expect(git(cwd, 'status', '--porcelain')).toBe('')
        expect(existsSync(join(cwd, 'work.txt'))).toBe(true)
        expect(tkt(['worktree-prune'], { cwd }).json).toMatchObject({ ok: true, kept: [] })
        expect(git(cwd, 'worktree', 'list').split('\n')).toHaveLength(1)
      })
      expect(steps).toBeGreaterThan(40)
    },
  )
})
