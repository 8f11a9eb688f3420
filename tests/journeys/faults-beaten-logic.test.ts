/** The faults in the rules of the published tool (contracts: filesystem section 10, W13 to W24), one test each. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  at,
  expectRefusal,
  finish,
  finishAll,
  rowsAt,
  startBundle,
  startGitProject,
  startProject,
  type Project,
} from '../support/bundles.ts'
import { git, gitProject, writeFiles } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'

const B = { bundle: 'B-001' }
const close = (project: Project, raw = {}) => project.run('close-bundle', { ...B, ...raw })

/** A bundle with a worktree in which `feature.txt` is committed. */
async function inWorktree(run: readonly string[] = []): Promise<Project> {
  const project = await startGitProject()
  await project.ok('create-bundle', { goal: 'Ship it', worktree: true })
  await project.ok('add', { ...B, title: 'a', run })
  const tree = join(project.root, '.worktrees/B-001')
  writeFiles(tree, { 'feature.txt': 'feature\n' })
  git(tree, 'add', '-A')
  git(tree, 'commit', '-q', '-m', 'Add the feature')
  await finishAll(project)
  return project
}

test('W13: a bundle with a worktree is judged with its own changes, before they are merged', async () => {
  const project = await inWorktree(['test -f feature.txt'])
  expect(await close(project, { merge: true })).toMatchObject({ merged: true, carryover_count: 0 })
})

test('W14: an audit without a claim, or by the worker, is reopened and done again, without editing a file', async () => {
  const project = await startBundle()
  await finish(project, 'TKT-001', 'alice')
  await project.ok('update', { ...B, ticket: 'TKT-A00', status: 'done', evidence: 'fine' })
  expectRefusal(await close(project), 'AUDIT_UNFINISHED', 'SK-TKT-012')
  await project.ok('reopen', { ...B, ticket: 'TKT-A00', reason: 'nobody claimed it' })
  await finish(project, 'TKT-A00', 'alice')
  expectRefusal(await close(project), 'AUDIT_NOT_INDEPENDENT', 'SK-TKT-031')
  await project.ok('reopen', { ...B, ticket: 'TKT-A00', reason: 'alice did the work' })
  await finish(project, 'TKT-A00', 'bob')
  expect(await close(project)).toMatchObject({ closed: true })
})

test('W15: who blocked or reopened work is still its worker, a lost audit is missed, unclaimed work is told', async () => {
  const project = await startBundle(2)
  await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'alice' })
  await project.ok('update', { ...B, ticket: 'TKT-001', status: 'blocked', reason: 'stuck' })
  await finish(project, 'TKT-001', 'carol')
  await project.ok('update', { ...B, ticket: 'TKT-002', status: 'done', evidence: 'seen' })
  await finish(project, 'TKT-A00', 'alice')
  expectRefusal(await close(project), 'AUDIT_NOT_INDEPENDENT', 'SK-TKT-031', /alice worked on TKT-001/)
  const audit = '.tkt/bundles/B-001/TKT-A00.yaml'
  const text = project.text(audit)
  rmSync(join(project.root, audit))
  expectRefusal(await close(project), 'AUDIT_UNFINISHED', 'SK-TKT-012', /missing/)
  project.write({ [audit]: text })
  await project.ok('reopen', { ...B, ticket: 'TKT-A00', reason: 'not independent' })
  await finish(project, 'TKT-A00', 'bob')
  expect(await close(project)).toMatchObject({ warnings: [expect.stringMatching(/not proven: TKT-002/)] })
})

test('W16: blanks are no evidence, and TKT-000 is not made done over its own failure', async () => {
  const project = await startBundle()
  expectRefusal(
    await project.run('update', { ...B, ticket: 'TKT-001', status: 'done', evidence: ' \n\t ' }),
    'EVIDENCE_REQUIRED',
    'SK-TKT-030',
  )
  await finishAll(project)
  await project.ok('update', {
    ...B,
    ticket: 'TKT-000',
    status: 'failed',
    reason: 'it does not fit together',
  })
  expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-000 is failed/)
  await project.ok('reopen', { ...B, ticket: 'TKT-000', reason: 'now it does' })
  await project.ok('close-bundle', B)
  expect(at(project.yaml('.tkt/bundles/B-001/TKT-000.yaml'), 'result.evidence')).toMatch(/gates passed/)
})

test('W17: a project without a validator of its own can close', async () => {
  const project = await startBundle()
  await finishAll(project)
  expect(await close(project)).toMatchObject({ closed: true })
})

test('W18: dependencies, waves, the size of a bundle and circles are looked at', async () => {
  const project = await startBundle(1, { 'config/tkt.yaml': 'bundle: {max_tickets: 1}\n' })
  const added = await project.ok('add', { ...B, title: 'b', depends_on: 'TKT-001,TKT-002', wave: 2 })
  expect(added.warnings).toEqual([expect.stringMatching(/max_tickets/), expect.stringMatching(/circle/)])
  const claimed = await project.ok('claim', { ...B, ticket: 'TKT-002', agent: 'alice' })
  expect(claimed.warnings).toEqual([expect.stringMatching(/not done: TKT-001/)])
  expect(rowsAt(await project.ok('bundle-status', B), 'tickets')[2]).toMatchObject({
    wave: 2,
    depends_on: ['TKT-001', 'TKT-002'],
  })
})

test('W19: a closed bundle takes no work and closes once; what failed is carried over with its check', async () => {
  const project = await startBundle(1)
  await project.ok('add', { ...B, title: 'b', run: ['test -e never'] })
  await project.ok('update', { ...B, ticket: 'TKT-001', status: 'failed', reason: 'no machine' })
  await finish(project, 'TKT-002', 'alice')
  await finish(project, 'TKT-A00', 'bob')
  expect(await close(project)).toMatchObject({ carryover_count: 2 })
  for (const [name, raw] of [
    ['add', { title: 'late' }],
    ['claim', { ticket: 'TKT-001', agent: 'alice' }],
    ['update', { ticket: 'TKT-001', status: 'failed' }],
  ] as const)
    expectRefusal(await project.run(name, { ...B, ...raw }), 'BUNDLE_CLOSED', 'SK-TKT-039')
  expect(await close(project)).toMatchObject({ already_closed: true })
  expect(project.history().filter((line) => line.startsWith('BUNDLE_CLOSED'))).toHaveLength(1)
  await project.ok('create-bundle', { goal: 'again', carryover: 'B-001' })
  expect(project.yaml('.tkt/bundles/B-002/TKT-002.yaml').acceptance_criteria).toMatchObject([
    { run: 'test -e never' },
  ])
})

test('W20: a create-bundle that fails leaves no bundle, and deletes nothing', async () => {
  const project = await startProject()
  project.write({ '.worktrees/B-001/precious.txt': 'mine' })
  expectRefusal(
    await project.run('create-bundle', { goal: 'g', worktree: true }),
    'NOT_A_REPOSITORY',
    'SK-GIT-007',
  )
  git(project.root, 'init', '-q', '-b', 'main')
  git(
    project.root,
    '-c',
    'user.name=T',
    '-c',
    'user.email=t@localhost',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'Start',
  )
  expectRefusal(
    await project.run('create-bundle', { goal: 'g', worktree: true }),
    'WORKTREE_FAILED',
    'SK-TKT-036',
  )
  expectRefusal(
    await project.run('create-bundle', { goal: 'g', carryover: 'B-009' }),
    'CARRYOVER_MISSING',
    'SK-TKT-038',
  )
  expect([project.has('.tkt/bundles/B-001'), project.text('.worktrees/B-001/precious.txt')]).toEqual([
    false,
    'mine',
  ])
  expect(await project.run('create-bundle', { goal: 'g' })).toMatchObject({ bundle_id: 'B-001' })
})

test('W21: a conflict leaves the main checkout as it was; a merge goes to its target, takes its branch away, and can be repeated', async () => {
  const project = await inWorktree()
  project.write({ 'feature.txt': 'another\n' })
  git(project.root, 'add', 'feature.txt')
  git(project.root, 'commit', '-q', '-m', 'Another feature')
  expectRefusal(await close(project, { merge: true }), 'MERGE_FAILED', 'SK-GIT-002', /feature\.txt/)
  expect(git(project.root, 'status', '--porcelain')).toBe('')
  git(project.root, 'revert', '--no-edit', 'HEAD')
  git(project.root, 'switch', '-q', '-c', 'elsewhere')
  expectRefusal(await close(project, { merge: true }), 'MERGE_FAILED', 'SK-GIT-002', /elsewhere/)
  git(project.root, 'switch', '-q', 'main')
  await project.ok('close-bundle', { ...B, merge: true })
  expect(git(project.root, 'branch', '--list', 'bundle/*')).toBe('')
  expect(await close(project, { merge: true })).toMatchObject({ already_closed: true })
})

test('W22: criteria and gate have a time limit, and no profile of a login shell is read', async () => {
  const config =
    'acceptance: {timeout_seconds: 1}\nclose_gate: {command: \'test -z "$FROM_PROFILE"\', timeout_seconds: 1}\n'
  const project = await startBundle(0, {
    'config/tkt.yaml': config,
    'home/.bash_profile': 'export FROM_PROFILE=1\n',
  })
  project.write({ 'home/.profile': 'export FROM_PROFILE=1\n' })
  project.world.environment.HOME = join(project.root, 'home')
  await project.ok('add', { ...B, title: 'a', run: ['sleep 600'] })
  await finishAll(project)
  expect(await close(project)).toMatchObject({ closed: true, carryover_count: 1 })
})

test('W23: who names himself changes only his own ticket, and a takeover is told', async () => {
  const project = await startBundle()
  await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'alice' })
  const other = { ...B, ticket: 'TKT-001', agent: 'mallory' }
  expectRefusal(
    await project.run('update', { ...other, status: 'done', evidence: 'x' }),
    'NOT_OWNER',
    'SK-TKT-010',
  )
  await project.ok('update', { ...B, ticket: 'TKT-001', agent: 'alice', status: 'blocked', reason: 'stuck' })
  expect(await project.run('claim', other)).toMatchObject({ taken_over_from: 'alice' })
  expect(project.history().at(-1)).toMatch(/taken_over_from=alice/)
})

test('W24: the store is found from everywhere in the project, and a comment in the config breaks nothing', () => {
  const root = gitProject({ 'config/tkt.yaml': 'lock_timeout: 2 # s\n', 'src/deep/x': '' })
  const run = (cwd: string, ...args: readonly string[]) => tkt(args, { cwd }).json
  expect(run(root, 'init-roadmap', '--project', 'demo')).toMatchObject({ ok: true })
  expect(run(join(root, 'src/deep'), 'create-bundle', '--goal', 'g', '--worktree')).toMatchObject({
    bundle_id: 'B-001',
  })
  expect(run(join(root, '.worktrees/B-001/src'), 'add', '--bundle', 'B-001', '--title', 'a')).toMatchObject({
    ok: true,
  })
  expect(run(join(root, 'src/deep'), 'claim', 'B-001', 'TKT-001', 'alice')).toMatchObject({ ok: true })
  mkdirSync(join(root, 'empty'))
  expect(run(join(root, 'empty'), 'list')).toMatchObject({ bundles: [{ id: 'B-001', status: 'open' }] })
})
