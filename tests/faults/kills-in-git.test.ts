/** `kill -9` between the steps of commands that work with git: the worktree, the merge, the removal. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, startGitProject } from '../support/bundles.ts'
import { git, writeFiles } from '../support/project.ts'
import { killAtEveryStep } from './killing.ts'

describe('a command that works with git, killed at each of its steps, and run again', () => {
  test(
    'create-bundle --worktree: the bundle has its worktree, on its branch',
    { timeout: 360_000 },
    async () => {
      const project = await startGitProject()
      const steps = await killAtEveryStep(
        project,
        ['create-bundle', '--goal', 'Apart', '--worktree'],
        (again) => {
          expect([again.code, again.json.message]).toEqual([0, undefined])
          const path = join(project.root, String(again.json.worktree))
          expect(git(path, 'status', '--porcelain', '--branch')).toBe(
            `## bundle/${String(again.json.bundle_id)}`,
          )
          expect(project.yaml(`.tkt/bundles/${String(again.json.bundle_id)}/bundle.yaml`)).toMatchObject({
            worktree_target: 'main',
          })
        },
      )
      expect(steps).toBeGreaterThan(15)
    },
  )

  test(
    'close --merge: merged once, the worktree gone, nothing of it lost',
    { timeout: 480_000 },
    async () => {
      const project = await startGitProject()
      await project.ok('create-bundle', { goal: 'Apart', worktree: 'true' })
      await project.ok('add', {
        bundle: 'B-001',
        title: 'Part 1',
        run: 'test -f work.txt && test -f other.txt',
      })
      await finishAll(project)
      const worktree = join(project.root, '.worktrees/B-001')
      writeFiles(worktree, { 'work.txt': 'work\n' })
      git(worktree, 'add', '-A')
      git(worktree, 'commit', '-q', '-m', 'Work')
      writeFiles(project.root, { 'other.txt': 'meanwhile\n' })
      git(project.root, 'add', 'other.txt')
      git(project.root, 'commit', '-q', '-m', 'Meanwhile')
      project.write({ 'config/tkt.yaml': 'ticket:\n  lock_timeout: 0\n' })
      git(project.root, 'add', 'config')
      git(project.root, 'commit', '-q', '-m', 'Config')
      const steps = await killAtEveryStep(project, ['close', 'B-001', '--merge'], (again) => {
        expect([again.code, again.json.message]).toEqual([0, undefined])
        expect(again.json).toMatchObject({ closed: true, done: 3, carryover_count: 0 })
        expect(project.text('work.txt')).toBe('work\n')
        expect(existsSync(worktree)).toBe(false)
        expect(git(project.root, 'status', '--porcelain')).toBe('')
        expect(git(project.root, 'log', '--oneline', '--merges', '--first-parent').split('\n')).toHaveLength(
          1,
        )
        expect(project.yaml('.tkt/bundles/B-001/review.yaml').acceptance_results).toMatchObject({
          passed: 1,
          failed: 0,
        })
      })
      expect(steps).toBeGreaterThan(30)
    },
  )
})
