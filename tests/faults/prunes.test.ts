/** Worktrees removed by commands that are killed at any step, or that race: all that can go is gone, all else is there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { finishAll, rowsAt, startGitProject, type Project } from '../support/bundles.ts'
import { git, writeFiles } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'
import { killAtEveryStep } from './killing.ts'
import { makeReadOnly } from './mounts.ts'
import { crowd, numbered, race } from './race.ts'

/** Closed bundles, all merged by hand; the last has work in its worktree that nobody committed. */
async function closedBundles(count: number): Promise<Project> {
  const project = await startGitProject()
  for (const bundle of numbered('B', 1, count)) {
    await project.ok('create-bundle', { goal: bundle, worktree: true })
    await finishAll(project, bundle)
    const worktree = treeOf(project, bundle)
    writeFiles(worktree, { [`${bundle}.txt`]: 'done\n' })
    git(worktree, 'add', '-A')
    git(worktree, 'commit', '-q', '-m', bundle)
    await project.ok('close', { bundle })
    git(project.root, 'merge', '-q', '-m', bundle, `bundle/${bundle}`)
  }
  writeFiles(treeOf(project, numbered('B', count, 1)[0] ?? ''), { 'late.txt': 'late\n' })
  return project
}

const treeOf = ({ root }: Project, bundle: string): string => join(root, '.worktrees', bundle)

/** Nothing is left of these, and what was merged from them is there. */
function expectPruned(project: Project, bundles: readonly string[]): void {
  for (const bundle of bundles) {
    expect([bundle, existsSync(treeOf(project, bundle))]).toEqual([bundle, false])
    expect(project.text(`${bundle}.txt`)).toBe('done\n')
    expect(project.yaml(`.tkt/bundles/${bundle}/bundle.yaml`).merged_at).toBeDefined()
  }
}

/** The one with work in it, in every respect. */
function expectKept(project: Project, bundle: string): void {
  expect(git(treeOf(project, bundle), 'status', '--porcelain', '--branch')).toBe(
    `## bundle/${bundle}\n?? late.txt`,
  )
  expect(git(project.root, 'branch', '--list', '--format=%(refname:short)', 'bundle/*')).toBe(
    `bundle/${bundle}`,
  )
  expect(project.has('.worktrees/.removed-B-001')).toBe(false)
}

describe('worktree-prune', () => {
  test('of a store that is read-only is refused before anything goes', async (context) => {
    const project = await closedBundles(2)
    makeReadOnly(context, join(project.root, '.tkt'))
    const { code, json } = tkt(['worktree-prune'], { cwd: project.root })
    expect([code, json.error]).toEqual([6, 'STORE_UNAVAILABLE'])
    const { pruned } = tkt(['worktree-prune', '--dry-run'], { cwd: project.root }).json
    expect(pruned).toMatchObject([{ bundle: 'B-001', branch: 'bundle/B-001' }])
    for (const bundle of numbered('B', 1, 2))
      expect(git(treeOf(project, bundle), 'branch', '--show-current')).toBe(`bundle/${bundle}`)
  })

  test('killed at each of its steps, and run again: done to the end', { timeout: 240_000 }, async () => {
    const project = await closedBundles(2)
    const steps = await killAtEveryStep(project, ['worktree-prune', '--agent', 'pia'], (again) => {
      expect([again.code, again.json.message]).toEqual([0, undefined])
      expect(rowsAt(again.json, 'kept')).toMatchObject([
        { bundle: 'B-002', reason: 'it has changes: late.txt' },
      ])
      expectPruned(project, ['B-001'])
      expectKept(project, 'B-002')
      expect(project.history()).toContainEqual(expect.stringMatching(/^WORKTREE_PRUNED bundle=B-001 /))
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('by several processes at once: each worktree goes once', { timeout: 120_000 }, async () => {
    const project = await closedBundles(4)
    const answers = await race(
      crowd(3, () => ['worktree-prune']),
      project.root,
    )
    expect(answers.map(({ code, json }) => [code, json.message])).toEqual(answers.map(() => [0, undefined]))
    const gone = ['B-001', 'B-002', 'B-003']
    expect(
      answers.flatMap(({ json }) => rowsAt(json, 'pruned').map(({ bundle }) => bundle)).toSorted(),
    ).toEqual(gone)
    expectPruned(project, gone)
    expectKept(project, 'B-004')
    expect(project.history().filter((line) => line.startsWith('WORKTREE_PRUNED '))).toHaveLength(3)
  })
})
