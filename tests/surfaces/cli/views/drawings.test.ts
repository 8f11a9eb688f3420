import { describe, expect, test } from 'vitest'
import { shown } from '../shown.ts'

describe('graph', () => {
  const GRAPH = {
    bundle: 'B-001',
    format: 'text',
    graph: [
      'Wave 1',
      '  TKT-001  Parse CSV  done',
      '  TKT-002 <- TKT-001, TKT-099 (unknown)  Write JSON  held @bob',
      'Audit',
      '  TKT-A00    waiting',
    ].join('\n'),
    waves: [{ title: 'Wave 1', size: 2, over: 1 }],
    cycles: ['TKT-003 -> TKT-003'],
    unknown: ['TKT-099'],
    shown: 'shown 3 of 3',
  }

  test('stands in columns, with what is wrong below it', () => {
    expect(shown('graph', GRAPH)).toMatchInlineSnapshot(`
      "Wave 1 1 of 2 over
        TKT-001  Parse CSV   done
        TKT-002  Write JSON  held @bob  <- TKT-001, TKT-099…
      Audit
        TKT-A00              waiting
      ✗ they wait for each other in a circle: TKT-003 -> TKT-003
      ✗ there is nothing named TKT-099
      shown 3 of 3
      "
    `)
  })

  test('as Mermaid is what one pastes', () => {
    const output = { ...GRAPH, format: 'mermaid', graph: 'flowchart LR\n  a["b"]', cycles: [], unknown: [] }
    expect(shown('graph', output)).toMatchInlineSnapshot(`
      "flowchart LR
        a["b"]
      %% shown 3 of 3
      "
    `)
  })

  test('of nothing says so', () => {
    const output = { format: 'text', graph: '', waves: [], cycles: [], unknown: [], shown: 'shown 0 of 0' }
    expect(shown('graph', output)).toContain('nothing to draw')
  })
})

test('show-review tells the verdicts, the tickets and what is to be decided', () => {
  const output = {
    bundle: 'B-001',
    title: 'Count hits',
    summary: 'It works.',
    done: 2,
    failed: 1,
    commands: { passed: 3, failed: 0, skipped: 1 },
    evidence_checks: { verified: 2, recorded: 1, failed: 1 },
    carryover_count: 1,
    unaudited: ['TKT-002'],
    quality_score: 0.9,
    audited_by: 'carol',
    discussion_points: ['cache?'],
    discussion_points_count: 3,
    next_actions: [],
    next_actions_count: 0,
    tickets: [
      { id: 'TKT-001', status: 'done', title: 'Parse CSV', worked_by: 'alice', evidence: 'ran it' },
      { id: 'TKT-002', status: 'failed', title: 'Write JSON', worked_by: null, evidence: null },
    ],
    shown: 'shown 2 of 2',
    review_path: '/project/.tkt/bundles/B-001/review.yaml',
    page_path: '/project/.tkt/bundles/B-001/review.md',
  }
  expect(shown('show-review', output)).toMatchInlineSnapshot(`
    "B-001  Count hits
    It works.

    ! 2 tickets done, 1 failed
    ✓ 3 acceptance commands passed, 0 failed
    ! 2 items of evidence verified, 1 failed
    ✓ audited by carol, quality score 0.9
    ! finished after the audit: TKT-002
    ! 1 carried over

    ┌─────────┬────────┬────────────┬───────┬──────────────┐
    │ id      │ status │ title      │ who   │ evidence     │
    ├─────────┼────────┼────────────┼───────┼──────────────┤
    │ TKT-001 │ done   │ Parse CSV  │ alice │ ran it       │
    │ TKT-002 │ failed │ Write JSON │       │              │
    └─────────┴────────┴────────────┴───────┴──────────────┘
    shown 2 of 2

    to discuss
      - cache?
      2 more

    whole  /project/.tkt/bundles/B-001/review.md
    "
  `)
})
