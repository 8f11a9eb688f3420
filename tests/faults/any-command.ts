/** Any command that changes a store: what it may be asked, and which lines of the history its answer speaks of. */
import fc from 'fast-check'
import { startBundle, type Fields, type Project } from '../support/bundles.ts'

export interface Command {
  readonly words: readonly string[]
  /** The lines that such a command has put into the history when it answers this, each as linesOf tells it. */
  readonly wrote: (answer: Fields) => readonly string[]
}

const ticket = fc.constantFrom('TKT-000', 'TKT-001', 'TKT-002', 'TKT-A00')
const agent = fc.constantFrom('alice', 'bob', 'maria')
/** Left out, the holder is taken to act. */
const anybody = fc.option(
  agent.map((who) => ['--agent', who]),
  { nil: [] },
)
const status = fc.constantFrom('in_progress', 'done', 'failed', 'blocked')
const takeOver = fc.constantFrom([], ['--take-over'])
/** What every kind of move needs, and a proof that `verify` can check again. */
const ON_RECORD = ['--evidence', 'file:proof.txt', '--reason', 'r']

const update = (id: string, to: string, who: readonly string[]): Command => ({
  words: ['update', 'B-001', id, to, ...who, ...ON_RECORD],
  wrote: () => [`TICKET_UPDATED ${id}`],
})
const CLOSE: Command = {
  words: ['close', 'B-001'],
  wrote: ({ already_closed }) => (already_closed === true ? [] : ['BUNDLE_CLOSED B-001']),
}
/** Chance alone hardly ever brings a bundle to its end. */
export const FINISH: readonly Command[] = [
  ...['TKT-001', 'TKT-002', 'TKT-A00'].map((id) => update(id, 'done', [])),
  CLOSE,
]

const claimed = ({ ticket, claim_no }: Fields) => [`TICKET_CLAIMED ${ticket} ${claim_no}`]
const edited =
  (line: string) =>
  ({ changed }: Fields) =>
    (changed as readonly string[]).length === 0 ? [] : [line]

/** What they are about. */
export async function startForAny(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await startBundle(1, { 'proof.txt': 'seen\n', ...files })
  await project.ok('express', { title: 'small', acceptance: 'a' })
  return project
}

/** Of bundle B-001 and express ticket EXP-001, so that many of them are about the same thing. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  kind(4, fc.tuple(ticket, agent, takeOver), (id, who, more) => ({
    words: ['claim', 'B-001', id, who, ...more],
    wrote: claimed,
  })),
  kind(3, fc.tuple(agent, takeOver), (who, more) => ({
    words: ['next', 'B-001', who, '--claim', ...more],
    wrote: (answer) => (answer.claimed === true ? claimed(answer) : []),
  })),
  kind(6, fc.tuple(ticket, status, anybody), update),
  kind(3, fc.tuple(fc.uniqueArray(ticket, { minLength: 1 }), status, anybody), (ids, to, who) => ({
    words: ['batch-update', '--bundle', 'B-001', '--status', to, ...who, ...ON_RECORD, ...ids],
    wrote: ({ updated }) => (updated as readonly string[]).map((id) => `TICKET_UPDATED ${id}`),
  })),
  kind(3, fc.tuple(ticket, agent), (id, who) => ({
    words: ['release', 'B-001', id, who],
    wrote: () => [`TICKET_RELEASED ${id}`],
  })),
  kind(2, fc.tuple(ticket), (id) => ({
    words: ['reopen', 'B-001', id, '--reason', 'again'],
    wrote: () => [`TICKET_REOPENED ${id}`],
  })),
  kind(2, fc.tuple(ticket, fc.constantFrom('One', 'Two'), agent), (id, title, who) => ({
    words: ['edit', 'B-001', id, '--title', title, '--agent', who],
    wrote: edited(`TICKET_EDITED ${id}`),
  })),
  kind(1, fc.tuple(fc.constantFrom('low', 'high')), (priority) => ({
    words: ['edit', 'B-001', '--priority', priority],
    wrote: edited('BUNDLE_EDITED B-001'),
  })),
  kind(1, fc.tuple(), () => ({
    words: ['add', 'B-001', 'One more'],
    wrote: ({ ticket_id }) => [`TICKET_ADDED ${ticket_id}`],
  })),
  kind(1, fc.tuple(), () => CLOSE),
  kind(1, fc.tuple(), () => ({
    words: ['archive', 'B-001', '--reason', 'over'],
    wrote: ({ already_archived }) => (already_archived === true ? [] : ['BUNDLE_ARCHIVED B-001']),
  })),
  kind(3, fc.tuple(), () => ({
    words: ['reopen', 'B-001', '--reason', 'again'],
    wrote: () => ['BUNDLE_REOPENED B-001'],
  })),
  kind(1, fc.tuple(), () => ({
    words: ['generate-review', 'B-001'],
    wrote: () => ['REVIEW_GENERATED B-001'],
  })),
  kind(1, fc.tuple(), () => ({
    words: ['roadmap-goal', 'add', '--title', 'Fast'],
    wrote: ({ goal }) => [`GOAL_ADDED ${goal}`],
  })),
  kind(2, fc.tuple(fc.constantFrom(['unlink'], ['link', '--goal', 'G-001'])), (words) => ({
    words: ['roadmap-goal', ...words, '--bundle', 'B-001'],
    wrote: ({ goal, before }) => (goal === before ? [] : ['BUNDLE_LINKED B-001']),
  })),
  kind(1, fc.tuple(agent, takeOver), (who, more) => ({
    words: ['express', 'claim', 'EXP-001', '--agent', who, ...more],
    wrote: ({ claim_no }) => [`EXPRESS_CLAIMED EXP-001 ${claim_no}`],
  })),
  kind(1, fc.tuple(agent), (who) => ({
    words: ['express', 'close', 'EXP-001', '--agent', who, '--evidence', 'e'],
    wrote: () => ['EXPRESS_CLOSED EXP-001'],
  })),
  kind(1, fc.tuple(agent), (who) => ({
    words: ['release', '--ticket', 'EXP-001', '--agent', who],
    wrote: () => ['EXPRESS_RELEASED EXP-001'],
  })),
  kind(1, fc.tuple(), () => ({
    words: ['reopen', '--ticket', 'EXP-001', '--reason', 'again'],
    wrote: () => ['EXPRESS_REOPENED EXP-001'],
  })),
  kind(1, fc.tuple(fc.constantFrom(['verify', 'B-001'], ['doctor', '--repair'])), (words) => ({
    words,
    wrote: () => [],
  })),
)

function kind<Drawn extends readonly unknown[]>(
  weight: number,
  drawn: fc.Arbitrary<Drawn>,
  command: (...drawn: Drawn) => Command,
): fc.WeightedArbitrary<Command> {
  return { weight, arbitrary: drawn.map((values) => command(...values)) }
}
