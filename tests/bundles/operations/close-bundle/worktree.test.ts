import { execSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  startGitProject,
  treeOf,
  type Fields,
  type Project,
  at,
} from '../../../support/bundles.ts'
import { git, projectFolder, writeFiles } from '../../../support/project.ts'

const B = { bundle: 'B-001' }
const TREE = '.worktrees/B-001'
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })

function commit(folder: string, path: string, text: string): void {
  writeFiles(folder, { [path]: text })
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', `Write ${path}`)
}

/** A bundle with a worktree in which `feature.txt` is committed, ready to be closed. */
async function ready(
  run: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const project = await startGitProject(files)
  await project.ok('create-bundle', { goal: 'Ship it', worktree: true })
  await project.ok('add', { ...B, title: 'a', run })
  commit(join(project.root, TREE), 'feature.txt', 'feature\n')
  await finishAll(project)
  return project
}

describe('close of a bundle with a worktree', () => {
  test('--merge brings the branch into its target and removes worktree and branch', async () => {
    const project = await ready()
    expect(await close(project, { merge: true })).toMatchObject({ closed: true, merged: true })
    expect(project.text('feature.txt')).toBe('feature\n')
    expect(project.has(TREE)).toBe(false)
    expect(git(project.root, 'branch', '--list', 'bundle/*')).toBe('')
    expect(git(project.root, 'log', '-1', '--format=%s')).toBe('Merge bundle/B-001 (B-001: Ship it)')
    expect(git(project.root, 'rev-list', '--count', '--merges', 'HEAD')).toBe('1')
    expect(git(project.root, 'status', '--porcelain')).toBe('')
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      status: 'closed',
      merged_at: '2026-03-01T12:00:00Z',
    })
    expect(await project.ok('bundle-status', B)).not.toHaveProperty('worktree')
  })

  test('without --merge leaves the worktree for a second close, which merges it', async () => {
    const project = await ready()
    const first = await project.ok('close-bundle', B)
    expect(first).toMatchObject({ closed: true, merged: false })
    expect(first.next_steps_hint).toContainEqual(expect.stringMatching(/close --bundle B-001 --merge/))
    expect([project.has('feature.txt'), project.has(TREE)]).toEqual([false, true])
    expect(await close(project, { merge: true, dry_run: true })).toMatchObject({
      steps: [{ step: 'merge' }, { step: 'remove-worktree' }],
    })
    expect(await close(project, { merge: true })).toMatchObject({
      closed: true,
      already_closed: true,
      merged: true,
    })
    expect([project.has('feature.txt'), project.has(TREE)]).toEqual([true, false])
    await expectNoChange(project, async () => {
      expect(await close(project, { merge: true })).toMatchObject({ already_closed: true, merged: true })
    })
  })

  test('--merge without a worktree means nothing, as published, but is told', async () => {
    const project = await startGitProject()
    await project.ok('create-bundle', { goal: 'g' })
    await finishAll(project)
    expect(await close(project, { merge: true })).toMatchObject({
      closed: true,
      merged: false,
      warnings: [expect.stringMatching(/no worktree/)],
    })
  })

  test('is judged with its own changes and those of its target, in the worktree', async () => {
    const checks = ['test -f feature.txt', 'test -f main.txt', 'pwd -P > "$OUT"']
    const project = await ready(checks, { 'spec/validate_repo_structural.sh': 'test -f feature.txt\n' })
    project.write({ 'config/tkt.yaml': 'close_gate: {command: test -f feature.txt}\n' })
    commit(project.root, 'main.txt', 'main\n')
    project.world.environment.OUT = join(project.root, '../where')
    expect(await close(project)).toMatchObject({ closed: true, carryover_count: 0 })
    expect(project.text('../where').trim()).toBe(join(project.root, TREE))
    expect(git(join(project.root, TREE), 'symbolic-ref', '--short', 'HEAD')).toBe('bundle/B-001')
    expect(existsSync(join(project.root, TREE, 'main.txt'))).toBe(false)
  })

  test('what the commands leave in the worktree does not block its removal', async () => {
    const project = await ready(['echo x > report.log; echo y >> README.md; true'], {
      'README.md': '# test\n',
    })
    expect(await close(project, { merge: true })).toMatchObject({ merged: true })
    expect(project.text('README.md')).toBe('# test\n')
    expect([project.has(TREE), project.has('report.log')]).toEqual([false, false])
  })

  test('untracked files of the main checkout do not block the merge', async () => {
    const project = await ready()
    project.write({
      'config/tkt.yaml': 'ticket: {lock_timeout: 5}\n',
      'spec/validate_repo_structural.sh': 'exit 0\n',
      'notes.txt': 'mine',
    })
    expect(await close(project, { merge: true })).toMatchObject({ merged: true })
    expect(project.text('notes.txt')).toBe('mine')
  })
})

describe('close refuses, and changes nothing:', () => {
  const headsOf = (project: Project) =>
    git(project.root, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads')

  async function expectRefusedAsIs(
    project: Project,
    raw: Fields,
    error: string,
    code: string,
    message: RegExp,
  ): Promise<Fields> {
    const before = [treeOf(project.root), headsOf(project), git(project.root, 'status', '--porcelain')]
    const answer = await close(project, raw)
    expectRefusal(answer, error, code, message)
    expect([treeOf(project.root), headsOf(project), git(project.root, 'status', '--porcelain')]).toEqual(
      before,
    )
    return answer
  }

  test.each([
    ['a file that is not known to git', 'new.txt'],
    ['a changed file', 'feature.txt'],
  ])('a worktree with %s', async (_, path) => {
    const project = await ready()
    project.write({ [`${TREE}/${path}`]: 'not committed' })
    const answer = await expectRefusedAsIs(project, {}, 'WORKTREE_DIRTY', 'SK-TKT-037', /has changes/)
    expect(at(answer, 'details.failures.0.details.paths')).toEqual([path])
  })

  test('a worktree that is gone; the way back it names works', async () => {
    const project = await ready()
    rmSync(join(project.root, TREE), { recursive: true })
    const answer = await expectRefusedAsIs(project, {}, 'WORKTREE_GONE', 'SK-GIT-001', /is gone/)
    execSync(/`(git worktree add [^`]+)`/.exec(answer.message as string)?.[1] ?? 'false', {
      cwd: project.root,
      stdio: 'ignore',
    })
    await project.ok('close-bundle', { ...B, merge: true })
    expect(project.has('feature.txt')).toBe(true)
  })

  test('a worktree that is gone with its branch; the way back it names works', async () => {
    const project = await ready()
    git(project.root, 'worktree', 'remove', '--force', TREE)
    git(project.root, 'branch', '-q', '-D', 'bundle/B-001')
    const answer = await expectRefusedAsIs(project, {}, 'WORKTREE_GONE', 'SK-GIT-001', /is gone/)
    execSync(/`(git worktree add [^`]+)`/.exec(answer.message as string)?.[1] ?? 'false', {
      cwd: project.root,
      stdio: 'ignore',
    })
    await project.ok('close-bundle', { ...B, merge: true })
  })

  test.each([true, false])('a branch in conflict with its target (--merge: %s)', async (merge) => {
    const project = await ready()
    commit(project.root, 'feature.txt', 'another\n')
    await expectRefusedAsIs(project, { merge }, 'MERGE_FAILED', 'SK-GIT-002', /conflict in feature\.txt/)
    expect(project.text('feature.txt')).toBe('another\n')
  })

  test('a conflict, which a dry run foresees without touching a file', async () => {
    const project = await ready()
    commit(project.root, 'feature.txt', 'another\n')
    await expectNoChange(project, async () => {
      const { gates } = await project.ok('close-bundle', { ...B, dry_run: true })
      expect(gates).toMatchObject([
        { gate: 'merge', message: expect.stringMatching(/conflict in feature\.txt/) as string },
      ])
    })
  })

  test('a criterion that fails under --strict, and tells what it left in the worktree', async () => {
    const project = await ready(['touch left.txt; false'])
    const answer = await close(project, { strict: true })
    expect(answer.message).toMatch(/The commands left left\.txt in the worktree/)
    expect((await close(project)).message).toMatch(/has changes: left\.txt; commit/)
  })

  test('a main checkout on another branch than the target, before any command runs', async () => {
    const ran = join(projectFolder(), 'ran')
    const project = await ready([`touch ${ran}`])
    git(project.root, 'switch', '-q', '-c', 'experiment')
    await expectRefusedAsIs(
      project,
      { merge: true },
      'MERGE_FAILED',
      'SK-GIT-002',
      /is on experiment, bundle\/B-001 goes to main/,
    )
    expect((await close(project, { merge: true })).hint).toMatch(/check the target out in the main checkout/)
    expect(existsSync(ran)).toBe(false)
    git(project.root, 'switch', '-q', 'main')
    await project.ok('close-bundle', { ...B, merge: true })
  })

  test('a main checkout with a file of its own in the way', async () => {
    const project = await ready()
    project.write({ 'feature.txt': 'mine, not committed' })
    await expectRefusedAsIs(project, { merge: true }, 'MERGE_FAILED', 'SK-GIT-002', /feature\.txt/)
    expect(project.text('feature.txt')).toBe('mine, not committed')
  })

  test('a later merge of a worktree that is dirty by now', async () => {
    const project = await ready()
    await project.ok('close-bundle', B)
    project.write({ [`${TREE}/late.txt`]: 'not committed' })
    await expectRefusedAsIs(project, { merge: true }, 'WORKTREE_DIRTY', 'SK-TKT-037', /has changes/)
  })
})

test('a worktree that cannot be removed is told; the same close again finishes the work', async () => {
  const project = await ready()
  git(project.root, 'worktree', 'lock', TREE)
  expectRefusal(
    await close(project, { merge: true }),
    'WORKTREE_NOT_REMOVED',
    'SK-GIT-003',
    /B-001 is closed and merged, but: .*locked/,
  )
  expect(project.has('feature.txt')).toBe(true)
  expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('closed')
  git(project.root, 'worktree', 'unlock', TREE)
  expect(await close(project, { merge: true })).toMatchObject({ already_closed: true, merged: true })
  expect(project.has(TREE)).toBe(false)
})

test('a bundle that was merged can be reopened, worked on in the main checkout, and closed again', async () => {
  const project = await ready()
  await project.ok('close-bundle', { ...B, merge: true })
  expect(await project.run('reopen', { ...B, reason: 'the merge broke the build' })).toMatchObject({
    status: 'in_progress',
    warnings: [expect.stringMatching(/\.worktrees\/B-001 was merged at 2026-03-01T12:00:00Z/)],
  })
  expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
    worktree_path: null,
    merged_at: null,
  })
  await project.ok('close-bundle', { ...B, merge: true })
})

test('a closed bundle whose worktree is still there goes on in it after a reopen', async () => {
  const project = await ready()
  await project.ok('close-bundle', B)
  expect(await project.run('reopen', { ...B, reason: 'one more thing' })).not.toHaveProperty('warnings')
  commit(join(project.root, TREE), 'more.txt', 'more\n')
  await project.ok('close-bundle', { ...B, merge: true })
  expect([project.has('feature.txt'), project.has('more.txt')]).toEqual([true, true])
})
