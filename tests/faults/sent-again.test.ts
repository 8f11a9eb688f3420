/** Commands that bear a key, killed between any two steps or sent by many at once: what they do is done once. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openProject, startBundle, startGitProject, startProject, type Project } from '../support/bundles.ts'
import { git, projectFolder } from '../support/project.ts'
import type { Ended } from '../support/tkt.ts'
import { killAtEveryStep } from './killing.ts'
import { crowd, race } from './race.ts'
import { expectWholeHistory, watched } from './watching.ts'

const KEY = ['--idempotency-key', '01J-run-7'] as const
const PROCESSES = 16

const namesIn = (project: Project, folder: string, form: RegExp): readonly string[] =>
  readdirSync(join(project.root, '.tkt', folder)).filter((name) => form.test(name))
const workersOf = (project: Project) => namesIn(project, 'bundles/B-001', /^TKT-0.[1-9]\.yaml$/)
const linesOf = (project: Project, event: string) =>
  project.history().filter((line) => line.startsWith(`${event} `))

interface Case {
  readonly begin: () => Promise<Project>
  readonly words: readonly string[]
  /** The event that it makes. */
  readonly event: string
  /** What there is of it; told is its answer. */
  readonly made: (project: Project, told: Ended['json']) => void
}

const withExpress = async (): Promise<Project> => {
  const project = await startProject()
  await project.ok('express', { title: 'Small', acceptance: 'done' })
  return project
}

const expectOneClaim = (project: Project, file: string): void => {
  expect(project.yaml(`.tkt/${file}.yaml`)).toMatchObject({
    ...{ status: 'claimed', claimed_by: 'alice', claim_no: 1, transition_log: [{ agent: 'alice' }] },
  })
}

const CASES: Readonly<Record<string, Case>> = {
  add: {
    begin: () => startBundle(1),
    words: ['add', 'B-001', 'New'],
    event: 'TICKET_ADDED bundle=B-001 ticket=TKT-002',
    made: (project, told) => {
      expect(told).toMatchObject({ ticket_id: 'TKT-002', bundle: 'B-001' })
      expect(workersOf(project)).toEqual(['TKT-001.yaml', 'TKT-002.yaml'])
    },
  },
  'create-bundle': {
    begin: () => startProject({ 'plan.md': '# Plan\n\n- [ ] First\n- [ ] Second\n' }),
    words: ['create-bundle', '--source-plan', 'plan.md'],
    event: 'BUNDLE_CREATED',
    made: (project, told) => {
      expect(told).toMatchObject({ bundle_id: 'B-001', ticket_count: 4 })
      expect(namesIn(project, 'bundles', /./)).toEqual(['B-001'])
    },
  },
  'create-bundle --worktree': {
    begin: startGitProject,
    words: ['create-bundle', '--goal', 'Apart', '--worktree'],
    event: 'BUNDLE_CREATED',
    made: (project, told) => {
      expect(told).toMatchObject({ bundle_id: 'B-001', worktree: '.worktrees/B-001' })
      expect(namesIn(project, 'bundles', /./)).toEqual(['B-001'])
      expect(git(project.root, 'worktree', 'list').split('\n')).toHaveLength(2)
    },
  },
  claim: {
    begin: () => startBundle(1),
    words: ['claim', 'B-001', 'TKT-001', 'alice'],
    event: 'TICKET_CLAIMED',
    made: (project, told) => {
      expect(told).toMatchObject({ claimed: true, ticket: 'TKT-001', claim_no: 1 })
      expectOneClaim(project, 'bundles/B-001/TKT-001')
    },
  },
  'claim of TKT-000': {
    begin: () => startBundle(1),
    words: ['claim', 'B-001', 'TKT-000', 'alice'],
    event: 'TICKET_CLAIMED',
    made: (project, told) => {
      expect(told).toMatchObject({ claimed: true, role: 'main', claim_no: 1 })
      expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').main_agent).toBe('alice')
      expectOneClaim(project, 'bundles/B-001/TKT-000')
    },
  },
  'next --claim': {
    begin: () => startBundle(3),
    words: ['next', '--agent', 'alice', '--claim'],
    event: 'TICKET_CLAIMED',
    made: (project, told) => {
      expect(told).toMatchObject({ claimed: true, ticket: 'TKT-001', bundle: 'B-001', ready: 2, held: 1 })
      expectOneClaim(project, 'bundles/B-001/TKT-001')
      for (const other of ['TKT-002', 'TKT-003'])
        expect(project.yaml(`.tkt/bundles/B-001/${other}.yaml`).status).toBe('open')
    },
  },
  'express create, in a project without a store': {
    begin: () => Promise.resolve(openProject(projectFolder())),
    words: ['express', 'create', '--title', 'Small', '--acceptance', 'done'],
    event: 'EXPRESS_CREATED',
    made: (project, told) => {
      expect(told).toMatchObject({ ticket_id: 'EXP-001', status: 'open' })
      expect(namesIn(project, 'express', /./)).toEqual(['EXP-001.yaml'])
    },
  },
  'express claim': {
    begin: withExpress,
    words: ['express', 'claim', 'EXP-001', '--agent', 'alice'],
    event: 'EXPRESS_CLAIMED',
    made: (project, told) => {
      expect(told).toMatchObject({ claimed: true, ticket_id: 'EXP-001', claim_no: 1 })
      expectOneClaim(project, 'express/EXP-001')
    },
  },
  'express close with an upgrade': {
    begin: withExpress,
    words: ['express', 'close', 'EXP-001', '--evidence', 'it grew', '--files-changed', '9'],
    event: 'EXPRESS_UPGRADED',
    made: (project, told) => {
      expect(told).toMatchObject({ closed: true, upgraded: true, bundle_id: 'B-001' })
      expect(namesIn(project, 'bundles', /./)).toEqual(['B-001'])
    },
  },
}

describe.each(Object.entries(CASES))('%s under a key', (_, { begin, words, event, made }) => {
  test('killed at each of its steps and sent again, is done once', { timeout: 360_000 }, async () => {
    const project = await begin()
    const replayed = new Set<unknown>()
    const steps = await killAtEveryStep(project, [...words, ...KEY], (again) => {
      expect([again.code, again.json.message]).toEqual([0, undefined])
      made(project, again.json)
      expect([1, 2]).toContain(linesOf(project, event).length) // at most once too often: the line comes first
      replayed.add(again.json.replayed)
    })
    expect(steps).toBeGreaterThan(15)
    expect(replayed).toEqual(new Set([undefined, true]))
  })

  test(`sent by ${PROCESSES} processes at once, is done once, and all are told the same`, async () => {
    const project = await begin()
    const commands = crowd(PROCESSES, () => [...words, ...KEY])
    const answers = await (project.has('.tkt/bundles/B-001')
      ? watched(project, commands)
      : race(commands, project.root))
    const told = answers.map(({ json: { replayed: _, warnings: __, ...rest } }) => rest)
    expect(told).toEqual(told.map(() => told[0]))
    made(project, told[0] ?? {})
    expect(answers.filter(({ json }) => json.replayed === undefined)).toHaveLength(1)
    expect(linesOf(project, event)).toHaveLength(1)
    await expectWholeHistory(project)
  })
})

describe(`${PROCESSES} processes at once`, () => {
  test('with one key for commands in several bundles: one of them is done', async () => {
    const project = await startBundle(0)
    for (let number = 1; number < 4; number += 1) await project.ok('create-bundle', { goal: 'More' })
    const commands = crowd(PROCESSES, (number) =>
      number % 5 === 4
        ? ['create-bundle', '--goal', 'New', ...KEY]
        : ['add', `B-00${(number % 5) + 1}`, 'New', ...KEY],
    )
    const answers = await watched(project, commands)
    const done = answers.filter(({ code }) => code === 0)
    expect(done.filter(({ json }) => json.replayed === undefined)).toHaveLength(1)
    expect(new Set(done.map(({ json }) => json.bundle ?? json.bundle_id)).size).toBe(1)
    const refused = answers.filter(({ code }) => code !== 0)
    expect(new Set(refused.map(({ json }) => json.error))).toEqual(new Set(['IDEMPOTENCY_KEY_REUSED']))
    expect([...linesOf(project, 'TICKET_ADDED'), ...linesOf(project, 'BUNDLE_CREATED')]).toHaveLength(5)
  })

  test('with a key each claim the next ticket, and are told theirs when they ask again', async () => {
    const project = await startBundle(PROCESSES)
    const commands = crowd(PROCESSES, (number) => [
      ...['next', '--agent', `agent-${number}`, '--claim', '--idempotency-key', `run-${number}`],
    ])
    const first = await watched(project, commands)
    const again = await watched(project, commands)
    expect(new Set(first.map(({ json }) => json.ticket)).size).toBe(PROCESSES)
    expect(again.map(({ json }) => [json.ticket, json.replayed])).toEqual(
      first.map(({ json }) => [json.ticket, true]),
    )
    expect(linesOf(project, 'TICKET_CLAIMED')).toHaveLength(PROCESSES)
  })
})
