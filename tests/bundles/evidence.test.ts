/** Typed evidence on its way into tickets, with real files, git and commands. */
import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  at,
  expectNoChange,
  expectRefusal,
  rowsAt,
  startGitProject,
  startProject,
  type Fields,
  type Project,
} from '../support/bundles.ts'
import { git } from '../support/project.ts'

const T1 = { bundle: 'B-001', ticket: 'TKT-001' }
const FILE = '.tkt/bundles/B-001/TKT-001.yaml'
const DONE = { ...T1, status: 'done', agent: 'alice' }

/** A git project whose TKT-001 is claimed by alice. */
async function claimed(raw: Fields = {}, files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await startGitProject({ 'report.txt': 'all fine\n', ...files })
  await project.ok('create-bundle', { goal: 'Ship it', ...raw })
  await project.ok('add', { bundle: 'B-001', title: 'Part 1' })
  await project.ok('claim', { ...T1, agent: 'alice' })
  return project
}

const checksOf = (project: Project) => rowsAt(project.yaml(FILE), 'result.evidence_checks')
const head = (project: Project): string => git(project.root, 'rev-parse', 'HEAD').trim()

describe('a done with typed evidence', () => {
  test('stores each item with what was checked, when, and what was found', async () => {
    const project = await claimed()
    const evidence = [
      `commit:${head(project).slice(0, 9)}`,
      'file:report.txt',
      'cmd:cat report.txt',
      'pr:7',
      'by hand',
    ]
    expect(await project.ok('update', { ...DONE, evidence })).toMatchObject({
      evidence_checks: { verified: 3, recorded: 1, failed: 0 },
    })
    expect(at(project.yaml(FILE), 'result.evidence')).toBe(evidence.join('\n'))
    const when = { checked_at: '2026-03-01T12:00:00Z' }
    expect(checksOf(project)).toMatchObject([
      { kind: 'commit', status: 'verified', ...when, sha: head(project), branch: 'main' },
      {
        ...{ kind: 'file', status: 'verified', ...when, path: 'report.txt', bytes: 9 },
        sha256: createHash('sha256').update('all fine\n').digest('hex'),
      },
      { kind: 'cmd', status: 'verified', ...when, exit_code: 0, output_tail: 'all fine\n' },
      { kind: 'pr', status: 'recorded', ...when, value: '7' },
    ])
  })

  test('is refused when an item does not hold, and nothing changes', async () => {
    const project = await claimed()
    git(project.root, 'checkout', '-q', '-b', 'aside')
    git(project.root, 'commit', '-q', '--allow-empty', '-m', 'Aside')
    const aside = head(project)
    git(project.root, 'checkout', '-q', 'main')
    symlinkSync('/etc/hostname', join(project.root, 'way-out'))
    const cases = [
      [`commit:${aside}`, /it is not on main/],
      ['commit:0123456789', /it is no commit/],
      ['file:none.txt', /there is no such file/],
      ['file:/etc/passwd', /it leads out of/],
      ['file:way-out', /it leads out of/],
      ['file:.', /it is a folder/],
      ['cmd:exit 3', /it ended with exit code 3/],
      ['cmd:kill -9 $$', /it was killed by SIGKILL/],
    ] as const
    await expectNoChange(project, async () => {
      for (const [evidence, message] of cases)
        expectRefusal(
          await project.run('update', { ...DONE, evidence }),
          'EVIDENCE_FAILED',
          'SK-TKT-043',
          message,
        )
    })
  })

  test('is judged first: a move that is refused runs nothing', async () => {
    const project = await claimed()
    await expectNoChange(project, async () => {
      const evidence = 'cmd:touch ran'
      for (const more of [{ agent: 'bob' }, { claim_no: 7 }, { status: 'open' }, { ticket: 'TKT-009' }])
        expect(await project.run('update', { ...DONE, evidence, ...more })).toMatchObject({ ok: false })
      const two = ['file:none.txt', evidence]
      expect(await project.run('update', { ...DONE, evidence: two })).toMatchObject({ ok: false })
    })
  })

  test('looks into the worktree of its bundle, and at its branch', async () => {
    const project = await claimed({ worktree: true })
    const there = join(project.root, '.worktrees/B-001')
    project.write({ '.worktrees/B-001/made.txt': 'x' })
    git(there, 'add', '-A')
    git(there, 'commit', '-q', '-m', 'Make it')
    const sha = git(there, 'rev-parse', 'HEAD').trim()
    await project.ok('update', {
      ...DONE,
      evidence: [`commit:${sha}`, 'file:made.txt', 'cmd:test -f made.txt'],
    })
    expect(checksOf(project)).toMatchObject([
      { branch: 'bundle/B-001' },
      { path: 'made.txt' },
      { exit_code: 0 },
    ])
    expect(await project.ok('verify', { bundle: 'B-001' })).toMatchObject({ verified: true, checked: 3 })
  })

  test('says that commits cannot be looked at where there is no repository', async () => {
    const project = await startProject()
    await project.ok('create-bundle', { goal: 'Ship it' })
    const update = await project.run('update', {
      bundle: 'B-001',
      ticket: 'TKT-A00',
      status: 'done',
      evidence: 'commit:0123456',
    })
    expectRefusal(update, 'EVIDENCE_FAILED', 'SK-TKT-043', /is in no git repository/)
  })
})

test('for another move a failing check is recorded: it may be the very proof', async () => {
  const project = await claimed()
  const failed = { ...T1, status: 'failed', agent: 'alice', evidence: 'cmd:echo broken; exit 1' }
  expect(await project.ok('update', failed)).toMatchObject({ evidence_checks: { failed: 1 } })
  expect(checksOf(project)).toMatchObject([{ status: 'failed', exit_code: 1, output_tail: 'broken\n' }])
  expect(await project.ok('verify', T1)).toMatchObject({ verified: true, failed: 0, checked: 1 })
})

describe('under evidence.required a done', () => {
  const config = { 'config/tkt.yaml': 'evidence: {required: ["commit|attest", cmd]}\n' }

  test('needs one of each entry, and may say honestly that there is none to check', async () => {
    const project = await claimed({}, config)
    await expectNoChange(project, async () => {
      const answer = await project.run('update', { ...DONE, evidence: 'it works' })
      expectRefusal(answer, 'EVIDENCE_INSUFFICIENT', 'SK-TKT-044', /commit or attest; cmd/)
    })
    await project.ok('update', { ...DONE, evidence: ['attest:done at the customer', 'cmd:true'] })
  })

  test('of an express ticket does as well', async () => {
    const project = await claimed({}, config)
    await project.ok('express', { title: 'Fix', acceptance: 'it reads well' })
    const close = { action: 'close', ticket_id: 'EXP-001' }
    const answer = await project.run('express', { ...close, evidence: 'seen' })
    expectRefusal(answer, 'EVIDENCE_INSUFFICIENT', 'SK-TKT-044')
    const evidence = ['attest:read it', 'cmd:true']
    expect(await project.ok('express', { ...close, evidence })).toMatchObject({
      evidence_checks: { verified: 1, recorded: 1, failed: 0 },
    })
    expect(await project.ok('verify', { ticket: 'EXP-001' })).toMatchObject({ verified: true, checked: 1 })
  })
})
