import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, openProject, startGitProject } from '../../../support/bundles.ts'
import { git, projectFolder } from '../../../support/project.ts'

const create = { goal: 'Ship it', worktree: true }

describe('create-bundle --worktree', () => {
  test('makes a worktree on a branch of its own, and notes where it will go', async () => {
    const project = await startGitProject()
    expect(await project.run('create-bundle', create)).toMatchObject({
      bundle_id: 'B-001',
      worktree: '.worktrees/B-001',
    })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      worktree_path: '.worktrees/B-001',
      worktree_branch: 'bundle/B-001',
      worktree_target: 'main',
    })
    expect(git(join(project.root, '.worktrees/B-001'), 'symbolic-ref', '--short', 'HEAD')).toBe(
      'bundle/B-001',
    )
    expect(git(project.root, 'status', '--porcelain')).toBe('')
  })

  test('refuses a folder of somebody else in the way, keeps every file of it, and makes no bundle', async () => {
    const project = await startGitProject()
    project.write({ '.worktrees/B-001/precious.txt': 'mine' })
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('create-bundle', create),
        'WORKTREE_FAILED',
        'SK-TKT-036',
        /B-001 exists/,
      )
    })
    expect(project.text('.worktrees/B-001/precious.txt')).toBe('mine')
    expect(project.has('.tkt/bundles/B-001')).toBe(false)
  })

  test('refuses a branch of that name that went elsewhere', async () => {
    const project = await startGitProject()
    git(project.root, 'branch', 'bundle/B-001')
    git(project.root, 'commit', '-q', '--allow-empty', '-m', 'Go on')
    expectRefusal(
      await project.run('create-bundle', create),
      'WORKTREE_FAILED',
      'SK-TKT-036',
      /bundle\/B-001 exists/,
    )
    expect(project.has('.tkt/bundles/B-001')).toBe(false)
  })

  test('refuses a repository without a commit, and a folder without a repository', async () => {
    const project = openProject(projectFolder())
    await project.ok('init-roadmap', { project: 'demo' })
    expectRefusal(
      await project.run('create-bundle', create),
      'NOT_A_REPOSITORY',
      'SK-GIT-007',
      /no git repository/,
    )
    git(project.root, 'init', '-q')
    expectRefusal(await project.run('create-bundle', create), 'NOT_A_REPOSITORY', 'SK-GIT-007', /no commit/)
    expect(project.has('.tkt/bundles/B-001')).toBe(false)
  })

  test('refuses when somebody made that bundle meanwhile without our locks, and leaves theirs alone', async () => {
    const project = await startGitProject()
    const hook = `#!/bin/sh\nmkdir -p "${project.root}/.tkt/bundles/B-001"\necho mine > "${project.root}/.tkt/bundles/B-001/note"\n`
    project.write({ '.git/hooks/post-checkout': hook })
    chmodSync(join(project.root, '.git/hooks/post-checkout'), 0o755)
    const history = project.history()
    expectRefusal(
      await project.run('create-bundle', create),
      'CHANGED_MEANWHILE',
      'SK-TKT-041',
      /B-001 exists already/,
    )
    expect(project.text('.tkt/bundles/B-001/note')).toBe('mine\n')
    expect(project.has('.tkt/bundles/B-001/bundle.yaml')).toBe(false)
    expect(project.history()).toEqual(history)
  })
})
