import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flowchart, flowchartOf } from '../../../src/bundles/model/graph-mermaid.ts'
import { bundleGraph } from '../../../src/bundles/model/graph-parts.ts'
import { readinessOf } from '../../../src/bundles/model/readiness.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { bundle, ticket } from './make.ts'

const COLOURS = /\n {2}classDef .*/g

const drawn = (...tickets: readonly Ticket[]): string =>
  flowchartOf(readinessOf(tickets, ({ id }) => id === 'TKT-005')).replaceAll(COLOURS, '')

const numbered = (count: number, fields: (index: number) => Readonly<Record<string, unknown>>) =>
  Array.from({ length: count }, (_, index) =>
    ticket(`TKT-${String(index + 1).padStart(3, '0')}`, fields(index)),
  )

describe('the flowchart of a bundle', () => {
  test('has a box for each wave, an arrow from each dependency, and the state of each ticket', () => {
    const tickets = [
      ticket('TKT-000', { status: 'claimed', claimed_by: 'mia' }),
      ticket('TKT-001', { status: 'done', wave: 1 }),
      ticket('TKT-002', { status: 'failed', wave: 1 }),
      ticket('TKT-003', { wave: 2, depends_on: ['TKT-001', 'TKT-001', 'soon'] }),
      ticket('TKT-004', { status: 'blocked', wave: 2 }),
      ticket('TKT-005', { status: 'in_progress', wave: 2 }),
      ticket('TKT-006', { wave: 3, depends_on: ['TKT-003', 'TKT-004'] }),
      ticket('TKT-A00'),
    ]
    expect(drawn(...tickets)).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph box0["Wave 1"]
          TKT-001["TKT-001 Do TKT-001"]:::done
          TKT-002["TKT-002 Do TKT-002"]:::failed
        end
        subgraph box1["Wave 2"]
          TKT-003["TKT-003 Do TKT-003"]:::ready
          TKT-004["TKT-004 Do TKT-004"]:::blocked
          TKT-005["TKT-005 Do TKT-005"]:::stale
        end
        subgraph box2["Wave 3"]
          TKT-006["TKT-006 Do TKT-006"]:::waiting
        end
        TKT-A00["TKT-A00 Do TKT-A00"]:::waiting
        TKT-000["TKT-000 Do TKT-000"]:::held
        unknown0["soon"]:::unknown
        TKT-001 & unknown0 --> TKT-003
        TKT-003 & TKT-004 --> TKT-006
        box0 ==> box1 ==> box2 ==> TKT-A00 ==> TKT-000"
    `)
  })

  test('without waves puts all work into one box: dependencies alone say what comes first', () => {
    const tickets = [ticket('TKT-001'), ticket('TKT-002', { depends_on: ['TKT-001'] }), ticket('TKT-A00')]
    expect(drawn(...tickets)).toMatchInlineSnapshot(`
      "flowchart LR
        subgraph box0["Work"]
          TKT-001["TKT-001 Do TKT-001"]:::ready
          TKT-002["TKT-002 Do TKT-002"]:::waiting
        end
        TKT-A00["TKT-A00 Do TKT-A00"]:::waiting
        TKT-001 --> TKT-002
        box0 ==> TKT-A00"
    `)
  })

  test('of nothing is an empty one', () => {
    expect(drawn()).toBe('flowchart LR')
  })

  test.each([
    ['characters', 600, (index: number) => ({ wave: 1 + (index % 3), title: '%'.repeat(500) })],
    ['arrows', 57, (index: number) => ({ wave: 1, depends_on: index < 11 ? [] : names(11) })],
  ])('of too many %s becomes a box a wave', (_title, count, fields) => {
    const text = flowchartOf(readinessOf([...numbered(count, fields), ticket('TKT-A00')]))
    expect(text).toMatch(/box0\["Wave 1: \d+ ready.*\n.*TKT-A00/s)
    expect(text.length).toBeLessThan(2000)
  })

  test('of too many waves becomes one box', () => {
    const tickets = numbered(600, (index) => ({ wave: index }))
    expect(drawn(...tickets)).toBe('flowchart LR\n  box0["Work: 1 ready, 599 waiting"]')
  })
})

const names = (count: number): readonly string[] => numbered(count, () => ({})).map(({ id }) => id)

test('bundles are drawn in one box', () => {
  const first = bundle('B-001', { status: 'closed' })
  const text = flowchart(bundleGraph([first, bundle('B-002', { depends_on: ['B-001', 'B-009'] })]))
  expect(text.replaceAll(COLOURS, '')).toMatchInlineSnapshot(`
    "flowchart LR
      subgraph box0["Bundles"]
        B-001["B-001 Ship B-001"]:::done
        B-002["B-002 Ship B-002"]:::ready
      end
      unknown0["B-009"]:::unknown
      B-001 & unknown0 --> B-002"
  `)
})

test('no text of a ticket leaves its label, whatever it holds', () => {
  const tricky = fc.constantFrom(
    ...[
      '"]',
      '--> x',
      '%% x',
      '%%{init: {}}%%',
      'end',
      'a\nend\nb',
      '#quot;',
      '`md`',
      '<b>',
      'click a "x"',
      '~~~',
    ],
  )
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(tricky).map((parts) => parts.join(' ')),
  )
  fc.assert(
    fc.property(text, text, (title, other) => {
      const lines = drawn(ticket('TKT-001', { title, depends_on: [`?${other}`] })).split('\n')
      expect(lines).toHaveLength(6)
      expect(lines[2]).toMatch(/^ {4}TKT-001\["TKT-001[\p{L}\p{M}\p{N}\-_., #;]*"\]:::ready$/u)
      expect(lines[4]).toMatch(/^ {2}unknown0\["[\p{L}\p{M}\p{N}\-_., #;]+"\]:::unknown$/u)
      expect(lines[5]).toBe('  unknown0 --> TKT-001')
    }),
  )
})
