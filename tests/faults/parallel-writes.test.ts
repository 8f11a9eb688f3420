/** Many commands that write at once: every success is there, once, and readers never see half of anything. */
import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openProject, startBundle, startProject, type Project } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import type { Ended } from '../support/tkt.ts'
import { crowd, numbered, race } from './race.ts'
import { expectWholeHistory, watched } from './watching.ts'

const PROCESSES = 16
const PLAN = '# Plan\n\n- [ ] First: "a"\n- [ ] Second\n'

const linesOf = (project: Project, event: string): readonly string[] =>
  project.history().filter((line) => line.startsWith(`${event} `))
const idsOf = (answers: readonly Ended[], field: string): readonly string[] => {
  expect(answers.map(({ code, json }) => [code, json.message])).toEqual(answers.map(() => [0, undefined]))
  return answers.map(({ json }) => String(json[field])).toSorted()
}
describe(`${PROCESSES} processes at once`, () => {
  test('add as many tickets as they say, each with its own id', async () => {
    const project = await startBundle(0)
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => ['add', 'B-001', `Part ${number}`]),
    )
    expect(idsOf(answers, 'ticket_id')).toEqual(numbered('TKT', 1, PROCESSES))
    for (const { json } of answers) {
      const line = `TICKET_ADDED bundle=B-001 ticket=${String(json.ticket_id)} title="${titleOf(project, `B-001/${String(json.ticket_id)}`)}" to=open`
      expect(linesOf(project, 'TICKET_ADDED')).toContain(line)
    }
    expect(linesOf(project, 'TICKET_ADDED')).toHaveLength(PROCESSES)
    expect(await project.ok('show', { bundle: 'B-001' })).toMatchObject({
      bundle: { ticket_count: PROCESSES + 2 },
    })
  })

  test('create bundles, plain and from a plan, each whole and with its own id', async () => {
    const project = await startBundle(0, { 'plan.md': PLAN })
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => [
        'create-bundle',
        ...(number % 2 === 0 ? ['--goal', `Goal ${number}`] : ['--source-plan', 'plan.md']),
      ]),
    )
    expect(idsOf(answers, 'bundle_id')).toEqual(numbered('B', 2, PROCESSES))
    for (const [number, { json }] of answers.entries()) {
      const files = readdirSync(join(project.root, '.tkt/bundles', String(json.bundle_id)))
      expect(files).toHaveLength(number % 2 === 0 ? 3 : 5)
    }
    expect(linesOf(project, 'BUNDLE_CREATED')).toHaveLength(PROCESSES + 1)
    expect(linesOf(project, 'TICKET_ADDED')).toHaveLength(PROCESSES)
  })

  test('create express tickets, in a project without a store, each with its own id', async () => {
    const project = openProject(projectFolder())
    const answers = await race(
      crowd(PROCESSES, (number) => [
        'express',
        'create',
        '--title',
        `Small ${number}`,
        '--acceptance',
        'done',
      ]),
      project.root,
    )
    expect(idsOf(answers, 'ticket_id')).toEqual(numbered('EXP', 1, PROCESSES))
    expect(linesOf(project, 'EXPRESS_CREATED')).toHaveLength(PROCESSES)
    await expectWholeHistory(project)
  })

  test('turn express tickets into bundles, one each', async () => {
    const project = await startBundle(0)
    for (let number = 1; number <= PROCESSES; number += 1)
      await project.ok('express', { title: `Small ${number}`, acceptance: 'done' })
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => [
        'express',
        'close',
        numbered('EXP', 1, PROCESSES)[number] ?? '',
        '--evidence',
        'it grew',
        '--files-changed',
        '9',
      ]),
    )
    expect(idsOf(answers, 'bundle_id')).toEqual(numbered('B', 2, PROCESSES))
    for (const { json } of answers) {
      expect(titleOf(project, `${String(json.bundle_id)}/TKT-001`)).toBe(
        project.yaml(`.tkt/express/${String(json.ticket_id)}.yaml`).title,
      )
    }
    expect(linesOf(project, 'EXPRESS_UPGRADED')).toHaveLength(PROCESSES)
  })

  test('close one express ticket with an upgrade: one bundle comes of it', async () => {
    const project = await startBundle(0)
    await project.ok('express', { title: 'Small', acceptance: 'done' })
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => [
        'express',
        'close',
        'EXP-001',
        '--evidence',
        `by ${number}`,
        '--files-changed',
        '9',
      ]),
    )
    expect(answers.filter(({ code }) => code === 0)).toHaveLength(1)
    expect(new Set(answers.map(({ json }) => json.error ?? 'won'))).toEqual(
      new Set(['won', 'EXPRESS_NOT_OPEN']),
    )
    expect(readdirSync(join(project.root, '.tkt/bundles'))).toEqual(['B-001', 'B-002'])
  })

  test('finish and fail one ticket: one of them wins, and the file agrees with the winner', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => [
        'update',
        'B-001',
        'TKT-001',
        number % 2 === 0 ? 'done' : 'failed',
        '--evidence',
        `by ${number}`,
        '--summary',
        `by ${number}`,
      ]),
    )
    const winner = answers.findIndex(({ code }) => code === 0)
    const ticket = project.yaml('.tkt/bundles/B-001/TKT-001.yaml')
    expect(ticket).toMatchObject({
      status: answers[winner]?.json.new_status,
      result: { evidence: `by ${winner}`, summary: `by ${winner}` },
    })
    expect(ticket.transition_log).toHaveLength(2)
    const losers = answers.filter((_, number) => number !== winner)
    expect(losers.map(({ code, json }) => [code, json.error])).toEqual(
      losers.map(() => [5, 'TRANSITION_REFUSED']),
    )
  })

  test('update a ticket each of one bundle: no update is lost', async () => {
    const project = await startBundle(PROCESSES)
    const ids = numbered('TKT', 1, PROCESSES)
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => [
        'update',
        'B-001',
        ids[number] ?? '',
        'done',
        '--evidence',
        `proof ${number}`,
      ]),
    )
    expect(idsOf(answers, 'ticket_id')).toEqual(ids)
    for (const [number, id] of ids.entries())
      expect(project.yaml(`.tkt/bundles/B-001/${id}.yaml`)).toMatchObject({
        status: 'done',
        result: { evidence: `proof ${number}` },
      })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    expect(linesOf(project, 'TICKET_UPDATED')).toHaveLength(PROCESSES)
  })

  test('close one bundle: it is closed once, and all are told', async () => {
    const project = await startBundle(1)
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'done', evidence: 'it works' })
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-A00', agent: 'bob' })
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-A00', status: 'done', evidence: 'looked' })
    const answers = await watched(
      project,
      crowd(PROCESSES, () => ['close', 'B-001']),
    )
    expect(answers.map(({ code, json }) => [code, json.closed, json.done])).toEqual(
      answers.map(() => [0, true, 3]),
    )
    expect(answers.filter(({ json }) => json.already_closed === true)).toHaveLength(PROCESSES - 1)
    expect(linesOf(project, 'BUNDLE_CLOSED')).toHaveLength(1)
  })

  test('start the roadmap: one of them does', async () => {
    const project = openProject(projectFolder())
    const answers = await race(
      crowd(PROCESSES, (number) => ['init-roadmap', `project ${number}`]),
      project.root,
    )
    const winner = answers.filter(({ code }) => code === 0).map(({ json }) => json.project)
    expect([project.yaml('.tkt/roadmap.yaml').project]).toEqual(winner)
    expect(new Set(answers.map(({ code, json }) => json.error ?? code))).toEqual(
      new Set([0, 'ROADMAP_EXISTS']),
    )
    expect(linesOf(project, 'INIT')).toHaveLength(1)
  })

  test('move the roadmap: one of them does, the others find it done', async () => {
    const project = await startProject()
    await project.ok('create-bundle', { goal: 'g' })
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => ['roadmap-transition', 'active', '--reason', `because ${number}`]),
    )
    expect(answers.map(({ json }) => json.new_stage)).toEqual(answers.map(() => 'active'))
    const moved = answers.filter(({ json }) => json.transition !== 'no-op')
    expect(moved).toHaveLength(1)
    const { stage, stage_history } = project.yaml('.tkt/roadmap.yaml')
    expect([stage, stage_history]).toMatchObject([
      'active',
      [{ reason: moved[0]?.json.reason }, { reason: 'initial' }],
    ])
    expect(linesOf(project, 'ROADMAP_TRANSITION')).toHaveLength(1)
  })
})

const titleOf = (project: Project, ticket: string): string =>
  String(project.yaml(`.tkt/bundles/${ticket}.yaml`).title)
