import fc from 'fast-check'
import { lexer, type Token, type Tokens } from 'marked'
import { describe, expect, test } from 'vitest'
import { acceptanceResults, reviewDocument } from '../../../src/bundles/model/review.ts'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { renderReviewPage } from '../../../src/bundles/model/review-page.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { readDiagram } from '../../support/mermaid.ts'
import { bundleId, failure, NOW, ticket } from './make.ts'

interface Words {
  readonly title: string
  readonly text: string
}

const PLAIN: Words = { title: 'Count hits', text: 'ran it\nsaw it' }

const ticketOf = (id: string, { title, text }: Words): Ticket =>
  ticket(id, {
    status: 'done',
    title,
    result: { summary: text, evidence: text },
    transition_log: [
      { from: 'open', to: 'claimed', timestamp: '2026-03-01T12:00:00Z', agent: title },
      { from: 'claimed', to: 'claimed', timestamp: '2026-03-01T13:00:00Z', agent: 'bob', reason: text },
      { from: 'claimed', to: 'done', timestamp: '2026-03-01T13:05:00Z', agent: 'bob' },
      { from: 'done', to: 'open', timestamp: '2026-03-01T14:00:00Z', agent: 'eve', reason: text },
      { from: 'open', to: 'done', timestamp: '2026-03-01T14:00:00Z', agent: 'eve' },
    ],
  })

/** The page of a bundle in which everything that people can write is that. */
function pageOf(words: Words, more: RawMap = {}, ids = ['TKT-000', 'TKT-001', 'TKT-A00']): string {
  const { title, text } = words
  const tickets = ids.map((id) => ticketOf(id, words))
  const failures = [failure('TKT-001', { title, run: text, stdout: text, stderr: text, reason: title })]
  const bundle = bundleId('B-001')
  const review = reviewDocument({
    ...{ bundle, title, tickets, now: NOW },
    acceptance: acceptanceResults(tickets, failures),
  })
  const carryover = [{ ticket_id: 'TKT-001', title, reason: 'ticket_failed', failure_reason: text }]
  const theirs = { summary: text, discussion_points: text, next_actions: [title, { what: text }] }
  return renderReviewPage({ bundle, title, tickets, carryover, review: { ...review, ...theirs, ...more } })
}

const HEADINGS = [
  'Tickets',
  'Evidence',
  'Acceptance',
  'Audit',
  'Takeovers and reopens',
  'Discussion points',
  'Next actions',
  'Carried over',
  'Timeline',
  'Dependencies',
]

const section = (page: string, heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''

const everyToken = (tokens: readonly Token[]): readonly Token[] =>
  tokens.flatMap((token) => {
    const { header = [], rows = [] } = token.type === 'table' ? (token as Tokens.Table) : {}
    const items = token.type === 'list' ? (token as Tokens.List).items : []
    const inner = 'tokens' in token ? (token.tokens ?? []) : []
    return [
      token,
      ...everyToken([...inner, ...items, ...[header, ...rows].flat().flatMap((cell) => cell.tokens)]),
    ]
  })

describe('the page of a review', () => {
  test('says first what it is made of and by which command, then tells all', () => {
    const page = pageOf(PLAIN)
    expect(page.split('\n').slice(0, 5)).toEqual([
      '<!-- Generated from review.yaml by `tkt generate-review --bundle B-001`: edit that file, not this one. -->',
      '',
      '# B-001: Count hits',
      '',
      'ran it saw it',
    ])
    expect(section(page, 'Tickets')).toContain(
      '| TKT-001 | Count hits | done | eve | 1 h 5 min | ran it saw it | commands: 1 failed |\n',
    )
    expect(section(page, 'Evidence')).toContain(
      '<details>\n<summary>TKT-001 Count hits</summary>\n\n```text\nran it\nsaw it\n```\n\n</details>',
    )
    expect(section(page, 'Acceptance')).toContain('```text\nran it\nsaw it\n```')
    expect(section(page, 'Audit')).toContain(
      '- Audited by nobody; quality score 1.\n- Finding: ran it saw it',
    )
    expect(section(page, 'Takeovers and reopens')).toContain(
      '- 2026-03-01T13:00:00Z: TKT-001 taken over by bob: ran it saw it',
    )
    expect(section(page, 'Takeovers and reopens')).toContain(
      '- 2026-03-01T14:00:00Z: TKT-001 reopened by eve: ran it saw it',
    )
    expect(section(page, 'Discussion points')).toBe('Discussion points\n\n- ran it\n- saw it\n\n')
    expect(section(page, 'Next actions')).toBe('Next actions\n\n- Count hits\n- what: ran it saw it\n\n')
    expect(section(page, 'Carried over')).toContain('- TKT-001 Count hits: ticket failed, ran it saw it')
  })

  test('shows what became of each item of evidence', () => {
    const evidence_checks = [
      { kind: 'commit', value: 'abc', status: 'verified', checked_at: NOW, subject: 'Add a' },
      { kind: 'pr', value: '7', status: 'recorded', checked_at: '' },
      { kind: 'file', value: 'a.txt', status: 'failed', checked_at: NOW, detail: 'it is not there' },
    ]
    const page = pageOf(PLAIN, { evidence_summary: [{ ticket_id: 'TKT-001', title: 'a', evidence_checks }] })
    expect(section(page, 'Tickets')).toContain(
      '| evidence: 1 verified, 1 recorded, 1 failed; commands: 1 failed |\n',
    )
    expect(section(page, 'Evidence')).toContain(
      `- verified: commit abc, ${NOW}, Add a\n- recorded: pr 7\n- failed: file a.txt, ${NOW}, it is not there`,
    )
  })

  test('says so where there is nothing to tell', () => {
    const review = { summary: null, evidence_summary: 7, discussion_points: null, next_actions: {} }
    const page = renderReviewPage({
      ...{ bundle: bundleId('B-001'), title: '', tickets: [], carryover: [] },
      review,
    })
    expect(section(page, 'Evidence')).toContain('None.')
    expect(section(page, 'Next actions')).toContain('None.')
    expect(section(page, 'Timeline')).toContain('No ticket was claimed.')
  })

  test('of 1,000 tickets with long texts stays small, and says what it leaves out', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `TKT-${String(index).padStart(3, '0')}`)
    const page = pageOf({ title: '"|%'.repeat(70), text: '`a`\n'.repeat(5000) }, {}, ids)
    expect(page.length).toBeLessThan(400_000)
    expect(section(page, 'Tickets')).toMatch(/\n\n\d+ more: see review\.yaml\.\n/)
    const [timeline = '', graph = ''] = page.match(/(?<=```mermaid\n).*?(?=\n```)/gs) ?? []
    expect((await readDiagram(timeline)).getTasks?.()).toHaveLength(2)
    expect(timeline.length).toBeLessThan(1000)
    expect((await readDiagram(graph)).getVertices?.().size).toBe(2)
    expect(graph.length).toBeLessThan(1000)
  })
})

describe('whatever people write', () => {
  const FRAGMENTS = [
    ...['# a', '- a', '1. a', '> a', '| a | b |', '---', '===', '```', '~~~', '    a', '<!--', '-->', '<b>'],
    ...['</details>', '[a](b)', '![a](b)', '**a**', '_a_', '`a`', '\\', '&lt;', '\r', '\n\n', '\t', '\u0000'],
    ...['\u202e', '[a]: http://b', '<http://a>', '~~a~~', 'end', '%%{init: {}}%%', ':', ';', '$a$', '👩‍🚒'],
  ]
  const text = fc
    .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'grapheme', maxLength: 8 })), {
      maxLength: 6,
    })
    .map((parts) => parts.join(''))

  test('the page has its own headings, tables and parts and no others', () => {
    fc.assert(
      fc.property(fc.record({ title: text, text }), (words) => {
        const tokens = lexer(pageOf(words))
        const headings = tokens.filter((token) => token.type === 'heading')
        expect(headings.slice(1).map((token) => (token as Tokens.Heading).text)).toEqual(HEADINGS)
        const [tickets, ...others] = tokens.filter((token) => token.type === 'table') as Tokens.Table[]
        expect(others).toEqual([])
        expect(tickets?.rows.map((row) => [row.length, row[0]?.text])).toEqual(
          ['TKT-000', 'TKT-001', 'TKT-A00'].map((id) => [7, id]),
        )
        const all = everyToken(tokens)
        const html = all.filter(({ type }) => type === 'html').map(({ raw }) => raw.trim())
        expect(
          html.filter(
            (raw) => !/^(<!-- Gen.*-->|<details>\n<summary>[^<\n]*<\/summary>|<\/details>)$/.test(raw),
          ),
        ).toEqual([])
        const kinds = new Set(all.map(({ type }) => type))
        for (const kind of [
          'em',
          'strong',
          'del',
          'codespan',
          'image',
          'def',
          'blockquote',
          'br',
          'hr',
          'checkbox',
        ])
          expect([kind, kinds.has(kind)]).toEqual([kind, false])
      }),
      { numRuns: 300 },
    )
  })

  test('its diagrams can be drawn', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ title: text, text }), async (words) => {
        const blocks = lexer(pageOf(words)).filter((token) => token.type === 'code') as Tokens.Code[]
        const diagrams = blocks.filter(({ lang }) => lang === 'mermaid')
        expect(diagrams).toHaveLength(2)
        for (const diagram of diagrams) await readDiagram(diagram.text)
      }),
      { numRuns: 50 },
    )
  })
})
