/** Whole stories through the built command line: ways out of dead ends, and bundles with worktrees of their own. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git, gitProject, writeFiles } from '../support/project.ts'
import { standingIn, type Commands } from '../support/published.ts'

function work(said: Commands['ok'], bundle: string, ticket: string, agent: string): void {
  said('claim', bundle, ticket, agent)
  said('update', bundle, ticket, 'done', '--agent', agent, '--evidence', `${ticket} was tried by ${agent}`)
}

function commit(folder: string, files: Readonly<Record<string, string>>): void {
  writeFiles(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', `Write ${Object.keys(files).join(', ')}`)
}

function repository(): { readonly root: string } & Commands {
  const root = gitProject({ '.gitignore': '.tkt/\n', 'README.md': '# demo\n' })
  const commands = standingIn(root)
  commands.ok('init-roadmap', 'demo')
  return { root, ...commands }
}

test('nobody edits a file to get out of a dead end: reopen leads back', () => {
  const { ok, refused } = repository()
  ok('create-bundle', '--goal', 'Ship it')
  ok('add', 'B-001', 'a')
  work(ok, 'B-001', 'TKT-001', 'alice')
  ok('update', 'B-001', 'TKT-A00', 'done', '--evidence', 'looks fine')
  refused('SK-TKT-035', 'claim', 'B-001', 'TKT-A00', 'bob')
  const { json } = refused('SK-TKT-012', 'close', 'B-001')
  expect(json.hint).toMatch(/reopen/)
  ok('reopen', 'B-001', 'TKT-A00', '--reason', 'finished without a claim')
  work(ok, 'B-001', 'TKT-A00', 'alice')
  expect(refused('SK-TKT-031', 'close', 'B-001').json.hint).toMatch(/tkt reopen/)
  ok('reopen', 'B-001', 'TKT-A00', '--reason', 'alice did the work')
  work(ok, 'B-001', 'TKT-A00', 'bob')
  ok('close', 'B-001')
  expect(refused('SK-TKT-039', 'add', 'B-001', 'late').json.hint).toMatch(/tkt reopen/)
  ok('reopen', 'B-001', '--reason', 'one more thing')
  ok('add', 'B-001', 'late')
  work(ok, 'B-001', 'TKT-002', 'carol')
  expect(ok('close', 'B-001')).toMatchObject({ done: 4 })
})

test('a bundle works in its worktree, is closed unmerged, and merged later by a second close', () => {
  const { root, ok } = repository()
  const { worktree } = ok('create-bundle', '--goal', 'Ship it', '--worktree')
  const tree = join(root, worktree as string)
  const there = standingIn(tree)
  there.ok('add', 'B-001', 'Count hits', '--run', 'test -f hits.txt')
  commit(tree, { 'hits.txt': '3\n' })
  work(there.ok, 'B-001', 'TKT-001', 'alice')
  work(there.ok, 'B-001', 'TKT-A00', 'bob')
  const closed = ok('close', 'B-001')
  expect(closed).toMatchObject({ closed: true, merged: false, carryover_count: 0 })
  expect([existsSync(join(root, 'hits.txt')), existsSync(tree)]).toEqual([false, true])
  commit(root, { 'meanwhile.txt': 'x\n' })
  expect(ok('close', 'B-001', '--merge')).toMatchObject({ already_closed: true, merged: true })
  expect([existsSync(join(root, 'hits.txt')), existsSync(tree)]).toEqual([true, false])
  expect(git(root, 'status', '--porcelain')).toBe('')
  expect(git(root, 'log', '-1', '--format=%s')).toBe('Merge bundle/B-001 (B-001: Ship it)')
})

test('of two bundles with worktrees the second is judged with what the first one brought home', () => {
  const { root, ok, refused } = repository()
  for (const goal of ['Slugs', 'Redirects']) ok('create-bundle', '--goal', goal, '--worktree')
  const [first, second] = [join(root, '.worktrees/B-001'), join(root, '.worktrees/B-002')]
  ok('add', 'B-001', 'Slugs', '--run', 'test -f slugs.txt')
  ok('add', 'B-002', 'Redirects', '--run', 'test -f redirects.txt', '--run', 'test -f slugs.txt')
  commit(first, { 'slugs.txt': 'a\n', 'shared.txt': 'first\n' })
  commit(second, { 'redirects.txt': 'b\n' })
  for (const bundle of ['B-001', 'B-002']) {
    work(ok, bundle, 'TKT-001', 'alice')
    work(ok, bundle, 'TKT-A00', 'bob')
  }
  refused('SK-TKT-034', 'close', 'B-002', '--strict')
  ok('close', 'B-001', '--merge')
  expect(existsSync(join(second, 'slugs.txt'))).toBe(false)
  expect(ok('close', 'B-002', '--merge', '--strict')).toMatchObject({ merged: true, carryover_count: 0 })
  expect(['slugs.txt', 'redirects.txt'].map((name) => existsSync(join(root, name)))).toEqual([true, true])
  expect(git(root, 'rev-list', '--merges', '--count', 'HEAD')).toBe('2')
})

test('two bundles that changed the same line: the second is refused, mended in its worktree, and closed', () => {
  const { root, ok, refused } = repository()
  for (const goal of ['Slugs', 'Redirects']) {
    const { bundle_id, worktree } = ok('create-bundle', '--goal', goal, '--worktree')
    commit(join(root, worktree as string), { 'README.md': `# ${goal}\n` })
    work(ok, bundle_id as string, 'TKT-A00', 'bob')
  }
  ok('close', 'B-001', '--merge')
  const { json } = refused('SK-GIT-002', 'close', 'B-002', '--merge')
  expect(json.message).toMatch(/README\.md/)
  const tree = join(root, '.worktrees/B-002')
  expect([git(root, 'status', '--porcelain'), git(tree, 'status', '--porcelain')]).toEqual(['', ''])
  expect(() => git(tree, 'merge', 'main')).toThrow()
  commit(tree, { 'README.md': '# Slugs and redirects\n' })
  ok('close', 'B-002', '--merge')
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe('# Slugs and redirects\n')
})

test('a bundle that was merged away is reopened, and goes on in the main checkout', () => {
  const { root, ok } = repository()
  ok('create-bundle', '--goal', 'Slugs', '--worktree')
  commit(join(root, '.worktrees/B-001'), { 'slugs.txt': 'a\n' })
  work(ok, 'B-001', 'TKT-A00', 'bob')
  ok('close', 'B-001', '--merge')
  expect(ok('reopen', 'B-001', '--reason', 'it broke the build').warnings).toEqual([
    expect.stringMatching(/goes on in/),
  ])
  ok('add', 'B-001', 'Mend the build', '--run', 'test -f mended.txt')
  writeFiles(root, { 'mended.txt': '' })
  work(ok, 'B-001', 'TKT-001', 'alice')
  expect(ok('close', 'B-001')).toMatchObject({ closed: true, carryover_count: 0, done: 3 })
})
