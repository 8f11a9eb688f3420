import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  rowsAt,
  startBundle,
  startGitProject,
  type Project,
} from '../../support/bundles.ts'
import { git } from '../../support/project.ts'
import { tkt } from '../../support/tkt.ts'

const B1 = { bundle: 'B-001' }
const DONE = { ...B1, ticket: 'TKT-001', status: 'done' }

/** TKT-001 is done by a commit, a file and a command, all of which hold. */
async function proven(): Promise<Project> {
  const project = await startGitProject({ 'report.txt': 'all fine\n' })
  await project.ok('create-bundle', { goal: 'Ship it' })
  await project.ok('add', { ...B1, title: 'Part 1' })
  const sha = git(project.root, 'rev-parse', 'HEAD').trim()
  await project.ok('update', {
    ...DONE,
    evidence: [`commit:${sha}`, 'file:report.txt', 'cmd:grep fine report.txt', 'pr:7'],
  })
  return project
}

describe('verify', () => {
  test('says yes while everything holds, and writes nothing', async () => {
    const project = await proven()
    await expectNoChange(project, async () => {
      expect(await project.ok('verify', B1)).toMatchObject({
        ...{ verified: true, checked: 3, failed: 0, recorded: 1, skipped: 0, shown: 'shown 4 of 4' },
      })
    })
  })

  test('names what does not hold any more, first', async () => {
    const project = await proven()
    git(project.root, 'checkout', '-q', '--orphan', 'other')
    git(project.root, 'commit', '-q', '-m', 'Begin again')
    project.write({ 'report.txt': 'broken\n' })
    const answer = await project.ok('verify', B1)
    expect(answer).toMatchObject({ verified: false, checked: 3, failed: 3 })
    expect(rowsAt(answer, 'items')).toMatchObject([
      { ticket: 'TKT-001', kind: 'commit', status: 'failed', detail: 'it is not on other' },
      { kind: 'file', status: 'failed', detail: 'it was changed after 2026-03-01T12:00:00Z' },
      { kind: 'cmd', status: 'failed', detail: 'it ended with exit code 1, expected 0' },
      { kind: 'pr', status: 'recorded' },
    ])
  })

  test('runs no command under --skip-commands, and cuts its page', async () => {
    const project = await proven()
    const answer = await project.ok('verify', { ...B1, skip_commands: true, limit: 1 })
    expect(answer).toMatchObject({ verified: true, checked: 2, skipped: 1, next: '--offset=1' })
    expect(rowsAt(answer, 'items')).toMatchObject([{ kind: 'cmd', status: 'skipped' }])
  })

  test('says no where nothing can be checked, and does not look at what is not done any more', async () => {
    const project = await proven()
    await project.ok('reopen', { ...B1, ticket: 'TKT-001', reason: 'again' })
    expect(await project.ok('verify', B1)).toMatchObject({
      ...{ verified: false, checked: 0, warnings: [expect.stringMatching(/nothing was checked/)] },
    })
  })

  test('tells its verdict by the exit code where that is asked for', async () => {
    const project = await proven()
    const code = (...words: readonly string[]) => tkt(words, { cwd: project.root }).code
    expect(code('verify', 'B-001', '--exit-code')).toBe(0)
    project.write({ 'report.txt': 'broken\n' })
    expect(code('verify', 'B-001')).toBe(0)
    expect(code('verify', 'B-001', '--exit-code')).toBe(1)
    expect(code('list', '--exit-code')).toBe(2)
  })

  test('needs something to look at', async () => {
    const project = await startBundle(1)
    expectRefusal(await project.run('verify'), 'INPUT_INVALID', 'SK-TKT-014', /--bundle is missing/)
    expectRefusal(await project.run('verify', { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
    expectRefusal(await project.run('verify', { ...B1, ticket: 'TKT-009' }), 'TICKET_NOT_FOUND', 'SK-TKT-002')
  })
})
