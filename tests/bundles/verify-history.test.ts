import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  finish,
  finishAll,
  openProject,
  startBundle,
  type Project,
} from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'

const LOG = '.tkt/history.log'
const GOOD = { ok: true, verified: true, unchained: 0, joins: 0, open_ends: 1, problems: [] }

const verify = (project: Project, raw = {}) => project.run('history', { verify: true, ...raw })
const linesOf = (project: Project): readonly string[] => project.text(LOG).trimEnd().split('\n')
const keep = (project: Project, lines: readonly string[]): void =>
  project.write({ [LOG]: lines.map((line) => `${line}\n`).join('') })

/** A store in which every kind of move was made. */
async function busyProject(): Promise<Project> {
  const project = await startBundle(2)
  const T = { bundle: 'B-001', ticket: 'TKT-001' }
  await project.ok('claim', { ...T, agent: 'alice' })
  await project.ok('release', { ...T, agent: 'alice' })
  await project.ok('claim', { ...T, agent: 'carol' })
  await project.ok('update', { ...T, status: 'blocked', agent: 'carol', reason: 'no access' })
  await project.ok('reopen', { ...T, reason: 'access is there' })
  project.wait(60)
  await finishAll(project)
  await project.ok('close-bundle', { bundle: 'B-001' })
  await project.ok('generate-review', { bundle: 'B-001', agent: 'maria' })
  await project.ok('reopen', { bundle: 'B-001', reason: 'one more thing' })
  await project.ok('express', { title: 'Small', acceptance: 'done', agent: 'maria' })
  await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' })
  await project.ok('express', {
    ...{ action: 'close', ticket_id: 'EXP-001', evidence: 'it grew', files_changed: 9 },
  })
  await project.ok('reopen', { ticket: 'EXP-001', reason: 'not yet' })
  await project.ok('roadmap-transition', { stage: 'active', reason: 'go', agent: 'maria' })
  return project
}

describe('history --verify', () => {
  test('finds everything in place after moves of every kind, and changes nothing', async () => {
    const project = await busyProject()
    const { length } = linesOf(project)
    await expectNoChange(project, async () => {
      expect(await verify(project)).toEqual({
        ...GOOD,
        lines: length,
        chained: length,
        shown: 'shown 0 of 0',
      })
    })
  })

  test('names the line that was changed, and the one whose predecessor is gone', async () => {
    const project = await busyProject()
    const lines = linesOf(project)
    keep(
      project,
      lines.toSpliced(4, 1, (lines[4] ?? '').replace('agent=alice', 'agent=mallo')).toSpliced(8, 1),
    )
    expect(await verify(project)).toMatchObject({
      verified: false,
      problems: [
        { line: 5, kind: 'changed', says: expect.stringContaining('does not fit its hash') as string },
        { line: 9, kind: 'missing', says: expect.stringContaining('removed or changed') as string },
      ],
    })
  })

  test('sees by the tickets that the end of the log was cut off', async () => {
    const project = await startBundle(1)
    project.wait(60)
    await finish(project, 'TKT-001', 'alice')
    keep(project, linesOf(project).slice(0, -1))
    expect(await verify(project)).toMatchObject({
      verified: false,
      problems: [
        { kind: 'missing', says: 'no line tells that B-001/TKT-001 became done at 2026-03-01T12:01:00Z' },
      ],
    })
    keep(project, linesOf(project).slice(0, 1))
    expect(await verify(project)).toMatchObject({
      problems: [
        { kind: 'missing', says: 'no line tells that B-001 was made' },
        { kind: 'missing', says: expect.stringContaining('B-001/TKT-001 became done') as string },
      ],
    })
  })

  test('takes a store of the published tool as it is', async () => {
    const project = openProject(
      projectFolder({
        '.tkt/roadmap.yaml': 'project: x\n',
        '.tkt/bundles/B-001/bundle.yaml': 'id: B-001\ntitle: x\nstatus: open\n',
        '.tkt/bundles/B-001/TKT-001.yaml': 'id: TKT-001\ntitle: x\nstatus: open\n',
        [LOG]: '[2025-03-01T10:00:00Z] BUNDLE_CREATED id=B-001 goal="Fix "quoted" things"\n',
      }),
    )
    expect(await verify(project)).toMatchObject({ verified: true, lines: 1, chained: 0, unchained: 1 })
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    expect(await verify(project)).toMatchObject({ verified: true, lines: 2, chained: 1, open_ends: 1 })
  })

  test('shows problems in pages, and warns that a filter means nothing to it', async () => {
    const project = await startBundle(60)
    keep(
      project,
      linesOf(project).map((line) => line.replace('to=', 'ot=')),
    )
    const answer = await project.ok('history', { verify: true })
    expect(JSON.stringify(answer).length).toBeLessThan(2048)
    const { length } = answer.problems as readonly unknown[]
    expect(answer).toMatchObject({ verified: false, next: `--offset=${length}` })
    expect(await verify(project, { offset: length, limit: 1, bundle: 'B-001' })).toMatchObject({
      problems: [{ line: length + 1 }],
      warnings: ['--verify looks at the whole history'],
    })
  })
})

describe('who did it', () => {
  const lastOf = (project: Project): string | undefined => project.history().at(-1)

  test('is who was named, or else the user of the system', async () => {
    const project = await startBundle(1)
    Object.assign(project.world.environment, { USER: '', LOGNAME: 'maria', USERNAME: 'other' })
    await project.ok('add', { bundle: 'B-001', title: 'x' })
    expect(lastOf(project)).toBe('TICKET_ADDED bundle=B-001 ticket=TKT-002 title="x" to=open user=maria')
    await project.ok('add', { bundle: 'B-001', title: 'x', agent: 'pm' })
    expect(lastOf(project)).toBe('TICKET_ADDED bundle=B-001 ticket=TKT-003 title="x" agent=pm to=open')
  })

  test.each<readonly [string, Readonly<Record<string, unknown>>, RegExp]>([
    ['init-roadmap', { project: 'x', force: true }, /^INIT project=x agent=pm to=planning$/],
    ['create-bundle', { goal: 'x' }, /^BUNDLE_CREATED id=B-002 goal="x" agent=pm to=open$/],
    [
      'roadmap-transition',
      { stage: 'active', reason: 'go' },
      /^ROADMAP_TRANSITION from=planning to=active reason="go" track=all agent=pm$/,
    ],
    [
      'express',
      { title: 'x', acceptance: 'y' },
      /^EXPRESS_CREATED ticket=EXP-001 title="x" agent=pm to=open$/,
    ],
  ])('is told by %s', async (name, raw, line) => {
    const project = await startBundle(1)
    await project.ok(name, { ...raw, agent: 'pm' })
    expect(lastOf(project)).toMatch(line)
  })

  test('is told by generate-review', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    await project.ok('generate-review', { bundle: 'B-001', agent: 'pm' })
    expect(lastOf(project)).toBe('REVIEW_GENERATED bundle=B-001 agent=pm')
  })
})

test('half a line with a whole one behind it is torn, as the whole one stands below again', async () => {
  const project = await startBundle(1)
  const [first = '', ...others] = linesOf(project)
  const last = others.at(-1) ?? ''
  keep(project, [first, ...others.slice(0, -1), `${first.slice(0, 30)}${last}`, last])
  expect(await verify(project)).toMatchObject({ problems: [{ kind: 'torn', line: others.length + 1 }] })
})
