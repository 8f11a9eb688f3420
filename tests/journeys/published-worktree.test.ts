/** What the public tests of the published tool ask of a bundle with a worktree. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git, gitProject, projectFolder, writeFiles } from '../support/project.ts'
import { published, REDUMPS, type Published, type Redump } from '../support/published.ts'

const B = ['--bundle', 'B-001'] as const

/** `.tkt/`, `config/` and `spec/` are not known to git here, as in the public tests. */
function withWorktree(): { readonly project: Published; readonly tree: string } {
  const project = published(gitProject())
  writeFiles(project.root, {
    'spec/validate_repo_structural.mjs': '',
    'config/tkt.yaml': 'close_gate:\n  command: null\n',
  })
  project.ok('init-roadmap', '--project', 'demo')
  project.ok('create-bundle', '--goal', 'Ship it', '--worktree')
  return { project, tree: join(project.root, '.worktrees/B-001') }
}

function finishAll(project: Published): void {
  for (const [ticket, agent] of [
    ['TKT-001', 'alice'],
    ['TKT-A00', 'bob'],
  ] as const) {
    project.ok('claim', ...B, '--ticket', ticket, '--agent', agent)
    project.ok('update', ...B, '--ticket', ticket, '--status', 'done', '--evidence', 'seen')
  }
}

test('create-bundle --worktree makes the folder, and notes path and branch', () => {
  const { project, tree } = withWorktree()
  expect(existsSync(tree)).toBe(true)
  expect(project.read('bundles/B-001/bundle.yaml')).toMatchObject({
    worktree_path: '.worktrees/B-001',
    worktree_branch: 'bundle/B-001',
  })
  expect(git(tree, 'symbolic-ref', '--short', 'HEAD')).toBe('bundle/B-001')
})

test('create-bundle --worktree outside a repository is refused', () => {
  const project = published(projectFolder())
  project.ok('init-roadmap', '--project', 'demo')
  project.refused('SK-GIT-007', 'create-bundle', '--goal', 'Ship it', '--worktree')
})

test('close refuses a worktree that is not clean', () => {
  const { project, tree } = withWorktree()
  project.ok('add', ...B, '--title', 'a')
  finishAll(project)
  writeFiles(tree, { 'untracked.txt': 'x' })
  project.refused('SK-TKT-037', 'close', ...B, '--merge')
})

test.each(REDUMPS.filter(({ isHere }) => isHere))(
  'close --merge brings the file of the branch home, with files re-dumped by $by',
  ({ redump }) => {
    const { project, tree } = withWorktree()
    project.ok('add', ...B, '--title', 'a')
    writeFiles(tree, { 'feature.txt': 'feature\n' })
    git(tree, 'add', '-A')
    git(tree, 'commit', '-q', '-m', 'Add the feature')
    finishAll(project)
    touch(project, redump)
    project.ok('close', ...B, '--merge')
    expect(existsSync(tree)).toBe(false)
    expect(readFileSync(join(project.root, 'feature.txt'), 'utf8')).toBe('feature\n')
    expect(git(project.root, 'rev-list', '--merges', '--count', 'HEAD')).toBe('1')
  },
)

test('an absolute worktree_path is understood, too', () => {
  const { project, tree } = withWorktree()
  project.ok('add', ...B, '--title', 'a')
  finishAll(project)
  REDUMPS.at(-1)?.redump(project.file('bundles/B-001/bundle.yaml'), (bundle) => {
    bundle.worktree_path = tree
    delete bundle.worktree_target
  })
  project.ok('close', ...B, '--merge')
  expect(existsSync(tree)).toBe(false)
})

function touch(project: Published, redump: Redump): void {
  for (const path of ['bundle', 'TKT-000', 'TKT-001', 'TKT-A00'])
    redump(project.file(`bundles/B-001/${path}.yaml`), () => undefined)
}
