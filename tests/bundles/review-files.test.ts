import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { acceptanceResults, type ReviewFacts } from '../../src/bundles/model/review.ts'
import type { Ticket } from '../../src/bundles/model/ticket.ts'
import { reviewFiles } from '../../src/bundles/review-files.ts'
import { bundleId, failure, NOW, ticket } from './model/make.ts'

const PLACE = { root: '/p', store: '/p/.tkt' }
const FOLDER = '/p/.tkt/bundles/B-001'
const LATER = '2026-03-02T08:00:00Z'

const move = (from: string, to: string) => ({ from, to, timestamp: NOW, agent: 'ann' })
const done = (id: string): Ticket =>
  ticket(id, {
    status: 'done',
    acceptance_criteria: ['works', { type: 'command', run: 'npm test' }],
    result: { summary: 'All sound.', evidence: 'ran it\nand saw it' },
    transition_log: [move('open', 'claimed'), move('claimed', 'done')],
  })

const TICKETS = ['TKT-000', 'TKT-001', 'TKT-002', 'TKT-A00'].map(done)

const factsOf = (tickets: readonly Ticket[], now: string): ReviewFacts => ({
  bundle: bundleId('B-001'),
  title: 'Ship it',
  tickets,
  acceptance: acceptanceResults(tickets, [failure('TKT-001')]),
  now,
})

/** review.yaml when it is generated over this text, or where there is none. */
function generate(facts: ReviewFacts, existing?: string): string {
  const file =
    existing === undefined
      ? undefined
      : { path: '', value: parse(existing) as unknown, stamp: undefined, text: () => existing }
  return reviewFiles(PLACE, { ...facts, carryover: [] }, file)[`${FOLDER}/review.yaml`]?.text ?? ''
}

const fresh = generate(factsOf(TICKETS, NOW))
const renewed = (text: string): string => text.replace(`generated_at: "${NOW}"`, `generated_at: "${LATER}"`)

/** What a hand may do to a line that a key stands on. */
const EDITS: Readonly<Record<string, (line: string, number: number) => readonly string[]>> = {
  'a comment above': (line, number) => [`${indentOf(line)}# hand ${number}`, line],
  'a comment behind': (line, number) => (/: [^|>]/.test(line) ? [`${line} # hand ${number}`] : [line]),
  'a key above': (line, number) =>
    /^ *- /.test(line) ? [line] : [`${indentOf(line)}hand_${number}: [one,  'two'] # hand`, line],
  'a map above': (line, number) =>
    /^ *- /.test(line)
      ? [line]
      : [`${indentOf(line)}hand_${number}:`, `${indentOf(line)}    deep: 'it''s'`, line],
}
const indentOf = (line: string): string => /^ */.exec(line)?.[0] ?? ''

const LINES = fresh.trimEnd().split('\n')
const KEYS = LINES.flatMap((line, index) => (/^ *(- )?[a-z_]+:( |$)/.test(line) ? [index] : []))

/** What was measured then is not kept, nor is what stands in its row. */
const MEASURED = LINES.indexOf('  claim_to_done_seconds:')

const handsOn = (keys: readonly number[]): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...Object.values(EDITS))), { maxLength: 12 })
    .map((edits) => {
      const byLine = new Map(edits)
      const lines = LINES.flatMap((line, index) => byLine.get(index)?.(line, index) ?? [line])
      return `${lines.join('\n')}\n`
    })

describe('a review that people have edited and that is generated again', () => {
  test('differs in the time only, wherever they added comments and keys', () => {
    fc.assert(
      fc.property(handsOn(KEYS), (text) => {
        expect(generate(factsOf(TICKETS, LATER), text)).toBe(renewed(text))
      }),
      { numRuns: 100 },
    )
  })

  test('keeps all that they added when other values are new', () => {
    const others = [
      done('TKT-000'),
      ticket('TKT-001', { status: 'failed', claimed_by: 'eve', transition_log: [move('open', 'failed')] }),
      done('TKT-002'),
      done('TKT-003'),
      done('TKT-A00'),
    ]
    fc.assert(
      fc.property(handsOn(KEYS.filter((line) => line < MEASURED)), (text) => {
        const after = generate(factsOf(others, LATER), text)
        const added = text.split('\n').filter((line) => /^ *(# hand|hand_|deep)/.test(line))
        const kept = after.split('\n').filter((line) => /^ *(# hand|hand_|deep)/.test(line))
        expect(kept).toEqual(added)
        expect(parse(after)).toMatchObject({
          tickets_failed: 1,
          evidence_summary: [{}, { status: 'failed', worked_by: 'eve' }, {}, { ticket_id: 'TKT-003' }, {}],
        })
        expect(generate(factsOf(others, LATER), after)).toBe(after)
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['a list', "discussion_points:\n  # of Monday\n  - 'cache?'\n  - {who: ann, what: docs}\n"],
    ['a text', 'discussion_points: |\n  We talked.\n\n  - it stays\n'],
    ['a quoted text', "discussion_points: 'none'   # yet\n"],
  ])('keeps discussion points as they are written, as %s', (_kind, written) => {
    const text = fresh.replace('discussion_points: []\n', written)
    expect(generate(factsOf(TICKETS, LATER), text)).toBe(renewed(text))
  })

  test('may be written in any way of YAML', () => {
    const text = `{bundle: B-001, next_actions: [one], "mine": {a: 1}, tickets_failed: 7}`
    expect(parse(generate(factsOf(TICKETS, NOW), text))).toEqual({
      ...(parse(fresh) as object),
      next_actions: ['one'],
      mine: { a: 1 },
    })
  })
})
