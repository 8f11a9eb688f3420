/** Many agents doing anything at all to one bundle at once: what was acknowledged adds up to what is there. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startBundle, type Fields, type Project } from '../support/bundles.ts'
import { ticketLifecycle } from '../../src/bundles/model/lifecycles.ts'
import type { Ended } from '../support/tkt.ts'
import { numbered, race } from './race.ts'
import { chainFaults } from './sound-store.ts'

const ROUNDS = 25
const TICKETS = [...numbered('TKT', 0, 4), 'TKT-A00']

const ticket = fc.constantFrom(...TICKETS)
const agent = fc.constantFrom('alice', 'bob', 'maria')
const command = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('claim'), fc.constant('B-001'), ticket, agent) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(ticket, fc.constantFrom('in_progress', 'done', 'failed', 'blocked'), agent)
      .map(([id, status, who]) => [
        'update',
        'B-001',
        id,
        status,
        '--agent',
        who,
        '--evidence',
        'e',
        '--reason',
        'r',
      ]),
  },
  { weight: 2, arbitrary: ticket.map((id) => ['reopen', 'B-001', id, '--reason', 'again']) },
  { weight: 1, arbitrary: fc.constant(['reopen', 'B-001', '--reason', 'again']) },
  { weight: 2, arbitrary: fc.constant(['close', 'B-001']) },
  { weight: 1, arbitrary: fc.constant(['add', 'B-001', 'One more']) },
)

test(
  'every move that was acknowledged is in its ticket and in the history, in an order the rules allow',
  { timeout: 120_000 },
  async () => {
    const project = await startBundle(3)
    const answers: { readonly words: readonly string[]; readonly ended: Ended }[] = []
    const rounds = fc.sample(fc.array(command, { minLength: 8, maxLength: 8 }), ROUNDS)
    for (const commands of rounds) {
      const ended = await race(commands, project.root)
      answers.push(...ended.map((one, index) => ({ words: commands[index] ?? [], ended: one })))
    }
    for (const { words, ended } of answers) expect([words, ended.json.error]).not.toEqual([words, 'INTERNAL'])
    for (const id of TICKETS)
      expect([id, ...chainFaults(ticketLifecycle, ticketOf(project, id), id === 'TKT-000')]).toEqual([id])
    expectCounts(
      project,
      answers.filter(({ ended }) => ended.code === 0).map(({ words }) => words),
    )
    const { status } = project.yaml('.tkt/bundles/B-001/bundle.yaml')
    if (status === 'closed') expect(project.yaml('.tkt/bundles/B-001/TKT-000.yaml').status).toBe('done')
    expect(answers.some(({ ended }) => ended.code === 0)).toBe(true)
  },
)

const ticketOf = (project: Project, id: string): Fields => project.yaml(`.tkt/bundles/B-001/${id}.yaml`)

function expectCounts(project: Project, acknowledged: readonly (readonly string[])[]): void {
  const lines = (event: string): number =>
    project.history().filter((line) => line.startsWith(`${event} `)).length
  const count = (test: (words: readonly string[]) => boolean): number => acknowledged.filter(test).length
  const reopensBundle = (words: readonly string[]): boolean =>
    words[0] === 'reopen' && words[2] === '--reason'
  expect(lines('TICKET_CLAIMED')).toBe(count(([name]) => name === 'claim'))
  expect(lines('TICKET_UPDATED')).toBe(count(([name]) => name === 'update'))
  expect(lines('TICKET_ADDED')).toBe(3 + count(([name]) => name === 'add'))
  expect(lines('TICKET_REOPENED')).toBe(count((words) => words[0] === 'reopen' && !reopensBundle(words)))
  expect(lines('BUNDLE_REOPENED')).toBe(count(reopensBundle))
  const moves = TICKETS.filter((id) => id !== 'TKT-000').flatMap(
    (id) => ticketOf(project, id).transition_log as readonly Fields[],
  )
  const moving = count(
    (words) =>
      ['claim', 'update', 'reopen'].includes(words[0] ?? '') &&
      words[2] !== 'TKT-000' &&
      !reopensBundle(words),
  )
  expect(moves).toHaveLength(moving)
}
