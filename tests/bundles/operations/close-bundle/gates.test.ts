import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finish,
  finishAll,
  openProject,
  startBundle,
  type Fields,
  type Project,
  at,
} from '../../../support/bundles.ts'
import { projectFolder } from '../../../support/project.ts'

const B = { bundle: 'B-001' }
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })
const ticket = (id: string): string => `.tkt/bundles/B-001/${id}.yaml`

describe('close refuses, and changes nothing:', () => {
  test('a worker that is neither done nor failed', async () => {
    const project = await startBundle(3)
    await finish(project, 'TKT-002', 'alice')
    await project.ok('update', { ...B, ticket: 'TKT-003', status: 'failed' })
    await finish(project, 'TKT-A00', 'bob')
    await expectNoChange(project, async () => {
      expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-001 is open$/)
    })
  })

  test('a worker whatever its type says', async () => {
    const project = await startBundle(1)
    await finish(project, 'TKT-A00', 'bob')
    project.write({
      [ticket('TKT-001')]: project.text(ticket('TKT-001')).replace('type: "worker"', 'type: "audit"'),
    })
    expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-001/)
  })

  test('a second audit ticket that somebody added and nobody finished', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.write({ [ticket('TKT-A01')]: 'title: look at security\nstatus: open\n' })
    expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-A01 is open/)
  })

  test.each(['blocked', 'failed'])('an integration ticket that is %s', async (status) => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('claim', { ...B, ticket: 'TKT-000', agent: 'maria' })
    await project.ok('update', { ...B, ticket: 'TKT-000', status, reason: 'the build is red' })
    expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', new RegExp(`TKT-000 is ${status}`))
  })

  test.each([
    ['never claimed', [], /TKT-A00 was never claimed/],
    ['claimed and not done', [['claim', { agent: 'bob' }]], /TKT-A00 is claimed, held by bob/],
    [
      'done without a claim',
      [['update', { status: 'done', evidence: 'looks fine' }]],
      /never claimed \(it is done\)/,
    ],
    [
      'failed',
      [
        ['claim', { agent: 'bob' }],
        ['update', { status: 'failed' }],
      ],
      /TKT-A00 is failed/,
    ],
  ] as readonly (readonly [string, readonly (readonly [string, Fields])[], RegExp])[])(
    'an audit that is %s',
    async (_, moves, message) => {
      const project = await startBundle(1)
      await finish(project, 'TKT-001', 'alice')
      for (const [name, raw] of moves) await project.ok(name, { ...B, ticket: 'TKT-A00', ...raw })
      await expectNoChange(project, async () => {
        expectRefusal(await close(project), 'AUDIT_UNFINISHED', 'SK-TKT-012', message)
      })
    },
  )

  test('an audit by the holder of a worker ticket', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'carol')
    await finish(project, 'TKT-002', 'alice')
    await finish(project, 'TKT-A00', 'alice')
    await expectNoChange(project, async () => {
      expectRefusal(await close(project), 'AUDIT_NOT_INDEPENDENT', 'SK-TKT-031', /alice worked on TKT-002$/)
    })
  })

  test('an audit by somebody whose ticket was taken over later', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'alice' })
    await project.ok('update', { ...B, ticket: 'TKT-001', status: 'blocked', reason: 'stuck' })
    await finish(project, 'TKT-001', 'carol')
    await finish(project, 'TKT-A00', 'alice')
    expectRefusal(await close(project), 'AUDIT_NOT_INDEPENDENT', 'SK-TKT-031', /alice worked on TKT-001/)
  })

  test('an audit ticket that was deleted, in a bundle that was born with one', async () => {
    const project = await startBundle(1)
    await finish(project, 'TKT-001', 'alice')
    const { rmSync } = await import('node:fs')
    rmSync(`${project.root}/${ticket('TKT-A00')}`)
    expectRefusal(await close(project), 'AUDIT_UNFINISHED', 'SK-TKT-012', /TKT-A00\.yaml is missing/)
  })

  test('a dependency that is not closed, or cannot be read; one that is not there counts for nothing', async () => {
    const project = await startBundle(1)
    await addBundle(project, 0, { depends_on: 'B-001' })
    await finish(project, 'TKT-A00', 'bob', { bundle: 'B-002' })
    await expectNoChange(project, async () => {
      expectRefusal(
        await close(project, { bundle: 'B-002' }),
        'DEPENDENCY_UNFINISHED',
        'SK-TKT-027',
        /B-001 is open/,
      )
    })
    const text = project.text('.tkt/bundles/B-001/bundle.yaml')
    project.write({ '.tkt/bundles/B-001/bundle.yaml': 'status: "closed\n' })
    expectRefusal(
      await close(project, { bundle: 'B-002' }),
      'DEPENDENCY_UNFINISHED',
      'SK-TKT-027',
      /B-001 is unreadable/,
    )
    project.write({ '.tkt/bundles/B-001/bundle.yaml': text })
    await finishAll(project)
    await project.ok('close-bundle', B)
    const other = project
      .text('.tkt/bundles/B-002/bundle.yaml')
      .replace('  - "B-001"\n', '  - "B-001"\n  - "B-077"\n')
    project.write({ '.tkt/bundles/B-002/bundle.yaml': other })
    await project.ok('close-bundle', { bundle: 'B-002' })
  })

  test('a ticket that cannot be read, whatever the structural check says of it', async () => {
    const project = await startBundle(2, { 'config/tkt.yaml': 'enforcement: {run_structural: false}\n' })
    await finishAll(project)
    project.write({ [ticket('TKT-002')]: 'title: "half\nstatus: done\n' })
    expectRefusal(
      await close(project),
      'WORK_UNFINISHED',
      'SK-TKT-019',
      /TKT-002 cannot be read: TKT-002\.yaml: line \d/,
    )
  })

  test('an audit that cannot be read: it is not said to be missing', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.write({ [ticket('TKT-A00')]: 'title: "half\nstatus: done\n' })
    const answer = await close(project)
    expectRefusal(answer, 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-A00 cannot be read/)
    expect((answer as Fields).message).not.toMatch(/missing/)
  })

  test('a bundle without TKT-000, and a review that cannot be read, before anything is merged or written', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.write({ '.tkt/bundles/B-001/review.yaml': 'summary: "mine, half\n' })
    await expectNoChange(project, async () => {
      expectRefusal(await close(project), 'FILE_UNREADABLE', 'SK-SYS-004', /review\.yaml: line \d/)
    })
    const { rmSync } = await import('node:fs')
    rmSync(`${project.root}/${ticket('TKT-000')}`)
    project.write({ '.tkt/bundles/B-001/review.yaml': '' })
    expectRefusal(await close(project), 'WORK_UNFINISHED', 'SK-TKT-019', /TKT-000\.yaml is missing/)
  })

  test('a bundle or store that is not there, and a bundle that is being closed', async () => {
    const project = await startBundle(1)
    expectRefusal(await close(project, { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018', /B-009/)
    expectRefusal(await close(project, { bundle: '' }), 'INPUT_INVALID', 'SK-TKT-014', /missing: --bundle/)
    expectRefusal(await close(openProject(projectFolder())), 'NOT_INITIALISED', 'SK-TKT-018')
    const answer = await project.whileLocked('closing-B-001', () => close(project))
    expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017', /closing-B-001/)
  })
})

test('every gate that fails is told, in the published order, each with its own code and hint', async () => {
  const project = await startBundle(1)
  await addBundle(project, 1, { depends_on: 'B-001' })
  project.write({
    'spec/validate_repo_structural.sh': 'exit 1\n',
    'config/tkt.yaml': 'close_gate: {command: exit 1}\n',
  })
  const answer = await close(project, { bundle: 'B-002' })
  expectRefusal(answer, 'DEPENDENCY_UNFINISHED', 'SK-TKT-027', /B-002 stays open, 5 gates refuse/)
  expect(at(answer, 'details.failures')).toMatchObject(
    [
      { gate: 'dependencies', error_code: 'SK-TKT-027', hint: /./ },
      { gate: 'work-finished', error_code: 'SK-TKT-019' },
      { gate: 'audit-finished', error_code: 'SK-TKT-012' },
      { gate: 'structural', error_code: 'SK-TKT-032' },
      { gate: 'close-gate', error_code: 'SK-TKT-033' },
    ].map(({ hint: _, ...row }) => row),
  )
})

test('work that was finished after the audit does not stop the close, but is told', async () => {
  const project = await startBundle(1)
  await finishAll(project)
  await project.ok('add', { ...B, title: 'late' })
  project.wait(1)
  await finish(project, 'TKT-002', 'carol')
  expect(await close(project)).toMatchObject({
    closed: true,
    warnings: [expect.stringMatching(/after the audit.*: TKT-002$/)],
  })
})

test('work without any agent on record does not stop the close, but is told', async () => {
  const project = await startBundle(2)
  await project.ok('update', { ...B, ticket: 'TKT-001', status: 'done', evidence: 'seen' })
  await finish(project, 'TKT-002', 'alice')
  await finish(project, 'TKT-A00', 'bob')
  expect(await close(project)).toMatchObject({
    closed: true,
    warnings: [expect.stringMatching(/not proven: TKT-001$/)],
  })
})
