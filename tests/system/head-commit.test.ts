import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { headCommit } from '../../src/system/head-commit.ts'
import { git, gitProject, projectFolder } from '../support/project.ts'

const expectAsGitSays = (folder: string): void => {
  expect(headCommit(folder)).toEqual({ commit: git(folder, 'rev-parse', 'HEAD') })
}

test('HEAD is what git says it is: on a branch, packed or not, detached, and in a linked worktree', () => {
  const root = gitProject()
  expectAsGitSays(root)
  git(root, 'switch', '-q', '-c', 'team/part')
  git(root, 'commit', '-q', '--allow-empty', '-m', 'More')
  expectAsGitSays(root)
  const tree = join(root, '.worktrees/a tree')
  git(root, 'worktree', 'add', '-q', '-b', 'other', tree, 'main')
  expectAsGitSays(tree)
  git(root, 'pack-refs', '--all')
  for (const folder of [root, tree]) expectAsGitSays(folder)
  git(tree, 'commit', '-q', '--allow-empty', '-m', 'After packing')
  expectAsGitSays(tree)
  git(root, 'checkout', '-q', '--detach')
  expectAsGitSays(root)
})

test('a branch without a commit is unborn, also where another branch is a folder of that name', () => {
  const root = projectFolder()
  git(root, 'init', '-q', '-b', 'main')
  expect(headCommit(root)).toBe('unborn')
  const other = gitProject()
  git(other, 'switch', '-q', '--orphan', 'new')
  expect(headCommit(other)).toBe('unborn')
})

test('what only git can tell is unreadable', () => {
  const root = gitProject()
  for (const head of ['ref: refs/heads/.invalid\n', 'ref: refs/bisect/bad\n', 'nonsense']) {
    writeFileSync(join(root, '.git/HEAD'), head)
    expect(headCommit(root)).toBe('unreadable')
  }
  rmSync(join(root, '.git'), { recursive: true })
  expect(headCommit(root)).toBe('unreadable')
})
