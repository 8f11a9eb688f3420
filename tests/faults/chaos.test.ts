/** Many agents doing anything at all to one bundle at once: what was acknowledged adds up to what is there. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startBundle, type Fields, type Project } from '../support/bundles.ts'
import { ticketLifecycle } from '../../src/bundles/model/lifecycles.ts'
import type { Ended } from '../support/tkt.ts'
import { numbered, race } from './race.ts'
import { chainFaults } from './sound-store.ts'

const ROUNDS = 25
const FIRST = numbered('TKT', 1, 3)
const TICKETS = ['TKT-000', ...FIRST, 'TKT-A00']

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
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.shuffledSubarray(TICKETS, { minLength: 2, maxLength: 3 }),
        fc.constantFrom('done', 'blocked'),
        agent,
      )
      .map(([ids, status, who]) => [
        'batch-update',
        '--bundle',
        'B-001',
        '--status',
        status,
        '--agent',
        who,
        '--evidence',
        'e',
        ...ids,
      ]),
  },
  { weight: 3, arbitrary: agent.map((who) => ['next', 'B-001', who, '--claim']) },
  {
    weight: 2,
    arbitrary: fc.tuple(ticket, agent).map(([id, who]) => ['release', 'B-001', id, '--agent', who]),
  },
  { weight: 1, arbitrary: ticket.map((id) => ['edit', 'B-001', id, '--title', 'Better said']) },
  { weight: 1, arbitrary: ticket.map((id) => ['verify', 'B-001', id]) },
  { weight: 1, arbitrary: fc.constant(['doctor', '--repair']) },
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
    const acknowledged = answers.filter(({ ended }) => ended.code === 0)
    expect(acknowledged.length).toBeGreaterThan(0)
    const changes = acknowledged.flatMap(({ words, ended }) => changesIn(words, ended.json))
    const logged = changesLogged(project)
    expect(logged.toSorted()).toEqual(changes.toSorted())
    for (const id of TICKETS.filter((id) => id !== 'TKT-000'))
      expect([id, movesOf(project, id)]).toEqual([id, logged.filter((change) => isMoveOf(id, change)).length])
    const { status } = project.yaml('.tkt/bundles/B-001/bundle.yaml')
    if (status === 'closed') expect(ticketOf(project, 'TKT-000').status).toBe('done')
    expect((await project.ok('history', { verify: true })).verified).toBe(true)
    expect(await project.ok('doctor', {})).toMatchObject({ healthy: true, findings: [] })
  },
)

const ticketOf = (project: Project, id: string): Fields => project.yaml(`.tkt/bundles/B-001/${id}.yaml`)
const movesOf = (project: Project, id: string): number =>
  (ticketOf(project, id).transition_log as readonly Fields[]).length
const isMoveOf = (id: string, change: string): boolean =>
  /CLAIMED|UPDATED|RELEASED|REOPENED/.test(change) && change.endsWith(` ${id}`)

/** What an answer says was changed, in the words of the history; close and the start of the bundle are left out. */
function changesIn([name, , id = '']: readonly string[], json: Fields): readonly string[] {
  switch (name) {
    case 'claim':
      return [`TICKET_CLAIMED ${id}`]
    case 'next':
      return json.claimed === true ? [`TICKET_CLAIMED ${String(json.ticket)}`] : []
    case 'update':
      return [`TICKET_UPDATED ${id}`]
    case 'batch-update':
      return (json.updated as readonly string[]).map((moved) => `TICKET_UPDATED ${moved}`)
    case 'release':
      return [`TICKET_RELEASED ${id}`]
    case 'edit':
      return (json.changed as readonly string[]).map(() => `TICKET_EDITED ${id}`)
    case 'reopen':
      return [id === '--reason' ? 'BUNDLE_REOPENED B-001' : `TICKET_REOPENED ${id}`]
    case 'add':
      return [`TICKET_ADDED ${String(json.ticket_id)}`]
    default:
      return []
  }
}

const changesLogged = (project: Project): readonly string[] =>
  project.history().flatMap((line) => {
    const [, event = '', bundle = '', ticket] = /^(\S+) bundle=(\S+)(?: ticket=(\S+))?/.exec(line) ?? []
    const isFirst = event === 'TICKET_ADDED' && FIRST.includes(ticket ?? '')
    return event === '' || event === 'BUNDLE_CLOSED' || isFirst ? [] : [`${event} ${ticket ?? bundle}`]
  })
