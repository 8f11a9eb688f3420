/** What the public tests of the published tool ask of a ticket and of a close, told in our own words. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at, rowsAt } from '../support/bundles.ts'
import { projectFolder, writeFiles } from '../support/project.ts'
import { hasPython, published, REDUMPS, type Published, type Redump } from '../support/published.ts'

const B = ['--bundle', 'B-001'] as const
const of = (ticket: string) => [...B, '--ticket', ticket] as const
const ticketFile = (ticket: string): string => `bundles/B-001/${ticket}.yaml`

/** A project with one bundle of one worker. */
function oneWorker(files: Readonly<Record<string, string>> = {}, ...more: readonly string[]): Published {
  const project = published(projectFolder(files))
  expect(project.ok('init-roadmap', '--project', 'demo')).toMatchObject({ project: 'demo' })
  expect(project.ok('create-bundle', '--goal', 'Ship it', '--track', '', '--source-plan', '')).toMatchObject({
    bundle_id: 'B-001',
    tickets: ['TKT-000', 'TKT-A00'],
  })
  expect(project.ok('add', ...B, '--title', 'Count hits', ...more)).toMatchObject({
    ticket_id: 'TKT-001',
    bundle: 'B-001',
  })
  return project
}

/** The same, ready to be closed: alice did the work, bob audited it. */
function ready(files?: Readonly<Record<string, string>>): Published {
  const project = oneWorker(files)
  finish(project, 'TKT-001', 'alice')
  finish(project, 'TKT-A00', 'bob')
  return project
}

function finish(project: Published, ticket: string, agent: string): void {
  project.ok('claim', ...of(ticket), '--agent', agent)
  project.ok('update', ...of(ticket), '--status', 'done', '--evidence', `${ticket} works`)
}

describe.each(REDUMPS)('with files re-dumped by $by', ({ isHere, redump }) => {
  describe.runIf(isHere)('a ticket', () => {
    test('is not done without evidence, and keeps it word for word without its last line break', () => {
      const project = oneWorker()
      redumpAll(project, redump)
      project.refused('SK-TKT-030', 'update', ...of('TKT-001'), '--status', 'done')
      const evidence = 'npm test\n  12 passed: "all" of them\n\n# no comment\n'
      const file = join(project.root, 'evidence.txt')
      writeFileSync(file, evidence)
      project.ok('update', ...of('TKT-001'), '--status', 'done', '--evidence-file', file)
      const ticket = project.read(ticketFile('TKT-001'))
      expect(at(ticket, 'result.evidence')).toBe(evidence.trimEnd())
      expect(ticket.status).toBe('done')
    })

    test('that is done is neither claimed nor set back by update', () => {
      const project = oneWorker()
      finish(project, 'TKT-001', 'alice')
      redumpAll(project, redump)
      project.refused('SK-TKT-035', 'update', ...of('TKT-001'), '--status', 'claimed')
      project.refused('SK-TKT-035', 'claim', ...of('TKT-001'), '--agent', 'bob')
    })

    test('edited in between keeps what was edited through every command', () => {
      const project = oneWorker()
      redump(project.file(ticketFile('TKT-001')), (ticket) => {
        ticket.reviewer = 'yes: "carol"'
        ticket.description =
          'A long description, with: colons, that PyYAML folds into several lines as it is longer than eighty.'
      })
      finish(project, 'TKT-001', 'alice')
      expect(project.read(ticketFile('TKT-001'))).toMatchObject({
        reviewer: 'yes: "carol"',
        description: expect.stringMatching(/^A long description, with: .* than eighty\.$/) as string,
        claimed_by: 'alice',
        claimed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        status: 'done',
      })
    })
  })

  describe.runIf(isHere)('close', () => {
    test('refuses an audit by who did the work', () => {
      const project = oneWorker()
      finish(project, 'TKT-001', 'alice')
      finish(project, 'TKT-A00', 'alice')
      redumpAll(project, redump)
      project.refused('SK-TKT-031', 'close', ...B)
    })

    test('refuses an audit by who is only written down as the claimant', () => {
      const project = ready()
      redump(project.file(ticketFile('TKT-001')), (ticket) => {
        ticket.claimed_by = 'bob'
        delete ticket.transition_log
      })
      project.refused('SK-TKT-031', 'close', ...B)
    })

    test('refuses an audit that nobody claimed', () => {
      const project = oneWorker()
      finish(project, 'TKT-001', 'alice')
      redump(project.file(ticketFile('TKT-A00')), (ticket) => {
        ticket.status = 'done'
      })
      project.refused('SK-TKT-012', 'close', ...B)
    })

    test.skipIf(!hasPython)('refuses when the structural validator of the project ends with 1', () => {
      const project = ready({ 'spec/validate_repo_structural.py': 'import sys\nsys.exit(1)\n' })
      project.refused('SK-TKT-032', 'close', ...B)
      writeFiles(project.root, { 'spec/validate_repo_structural.py': 'import sys\nsys.exit(0)\n' })
      project.ok('close', ...B)
    })

    test('refuses when the command of the close gate ends with 1', () => {
      const project = ready({ 'config/tkt.yaml': 'close_gate:\n  command: "exit 1"\n' })
      project.refused('SK-TKT-033', 'close', ...B)
      expect(existsSync(project.file('bundles/B-001/review.yaml'))).toBe(false)
    })

    test('closes over a criterion that fails, and carries it over', () => {
      const project = ready()
      redump(project.file(ticketFile('TKT-001')), (ticket) => {
        ticket.acceptance_criteria = [
          { type: 'command', run: 'echo nothing; exit 1', expect_exit_code: 0 },
          'a sentence',
        ]
      })
      const { code, stdout } = project.run('close', ...B)
      expect(code).toBe(0)
      expect(stdout).toContain('"carryover_count":1')
      const { carryover } = project.read('bundles/B-001/carryover.yaml')
      expect(carryover).toHaveLength(1)
      expect(at(carryover, '0')).toMatchObject({
        ticket_id: 'TKT-001',
        carryover_from: 'B-001/TKT-001',
        reason: 'acceptance_criteria_failed',
      })
      const review = project.read('bundles/B-001/review.yaml')
      expect(at(review, 'acceptance_results.failed')).toBe(1)
      expect(at(review, 'acceptance_results.failures.0')).toMatchObject({ criterion_index: 1, exit_code: 1 })

      const next = project.ok('create-bundle', '--goal', 'Second try', '--carryover', 'B-001')
      expect(next.bundle_id).toBe('B-002')
      const inherited = project.read('bundles/B-002/TKT-001.yaml')
      expect(inherited.title).toBe('Count hits')
      expect(inherited.description).toContain('carryover_from: B-001/TKT-001')
    })

    test('judges what a criterion prints, too', () => {
      const project = ready()
      redump(project.file(ticketFile('TKT-001')), (ticket) => {
        ticket.acceptance_criteria = [
          { type: 'command', run: 'echo green >&2; exit 3', expect_exit_code: 3, expect_contains: 'green' },
          { type: 'command', run: 'echo red', expect_contains: 'green' },
        ]
      })
      expect(project.ok('close', ...B)).toMatchObject({ carryover_count: 1 })
      expect(project.read('bundles/B-001/review.yaml')).toMatchObject({
        acceptance_results: { passed: 1, failed: 1, skipped: 4 },
      })
    })

    test('writes a review with counts, checked items, score and evidence by ticket', () => {
      const project = ready()
      redumpAll(project, redump)
      const answer = project.ok('close', ...B)
      expect(answer).toMatchObject({ closed: true, bundle: 'B-001', done: 3, failed: 0, carryover_count: 0 })
      expect(answer.review_path).toBe(project.file('bundles/B-001/review.yaml'))
      const review = project.read('bundles/B-001/review.yaml')
      expect(review.tickets_completed).toBe(3)
      expect(at(review, 'audit_result.checked_items')).toHaveLength(2)
      expect(at(review, 'audit_result.quality_score')).toBe(1.0)
      const evidence = rowsAt(review, 'evidence_summary').map((row) => [row.ticket_id, row.evidence])
      expect(Object.fromEntries(evidence)).toMatchObject({
        'TKT-001': 'TKT-001 works',
        'TKT-A00': 'TKT-A00 works',
      })
      expect(project.read('bundles/B-001/bundle.yaml').status).toBe('closed')
      expect(project.read(ticketFile('TKT-000')).status).toBe('done')
    })
  })
})

test('the store may lie outside the project, and commands still run in the project', () => {
  const root = projectFolder({ 'marker.txt': '' })
  const store = join(root, '../elsewhere/data')
  mkdirSync(join(root, '../elsewhere'))
  const project = published(root, store)
  project.ok('init-roadmap', '--project', 'demo')
  project.ok('create-bundle', '--goal', 'Ship it')
  project.ok('add', ...B, '--title', 'a', '--run', 'test -f marker.txt')
  finish(project, 'TKT-001', 'alice')
  finish(project, 'TKT-A00', 'bob')
  expect(project.ok('close', ...B)).toMatchObject({ carryover_count: 0 })
  expect(existsSync(join(root, '.tkt'))).toBe(false)
})

function redumpAll(project: Published, redump: Redump): void {
  for (const path of ['bundle', 'TKT-000', 'TKT-001', 'TKT-A00'])
    redump(project.file(`bundles/B-001/${path}.yaml`), () => undefined)
}
