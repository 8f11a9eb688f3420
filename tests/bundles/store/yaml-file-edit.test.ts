import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { workerDocument } from '../../../src/bundles/model/ticket.ts'
import type { Changes } from '../../../src/bundles/model/ticket-moves.ts'
import { editDocument, editValue, type Edit } from '../../../src/bundles/store/yaml-edit.ts'
import { renderDocument } from '../../../src/bundles/store/yaml-write.ts'
import { bundleId, NOW, ticketId } from '../model/make.ts'

const edit = (
  text: string,
  changes: Changes,
  entries: Edit['entries'] = {},
  order: Edit['order'] = 'append',
) => {
  const before: unknown = parse(text)
  return editDocument(text, { before, after: editValue(before, { changes, entries, order }) })
}

const CLAIM: Changes = { status: 'claimed', claimed_by: 'alice', claimed_at: NOW }
const MOVE = { from: 'open', to: 'claimed', timestamp: NOW, agent: 'alice' }

/** A ticket that a person wrote, and wrote in. */
const BY_HAND = `# The first ticket.
id: TKT-001   # as the file
title: 'Slugs: short ones'

# who and when
status: open  # waiting for Bob
claimed_by: null
claimed_at: ~
estimate: 3h
labels: [a, "b c"]
nested: {x: 1, y: {z: 2}}
notes: >
  folded
  text

skills:
- tkt   # ours
- review
result:
  # the proof
  evidence:
  artifacts: []
transition_log: []
`

describe('an edit of what a person wrote', () => {
  const edited = edit(BY_HAND, { ...CLAIM, 'result.evidence': 'ran it' }, { transition_log: MOVE })

  test('sets its fields, and keeps the value of every other', () => {
    expect(parse(edited)).toEqual({
      ...(parse(BY_HAND) as object),
      status: 'claimed',
      claimed_by: 'alice',
      claimed_at: NOW,
      result: { evidence: 'ran it', artifacts: [] },
      transition_log: [MOVE],
    })
  })

  test('keeps the order of the keys', () => {
    expect(Object.keys(parse(edited) as object)).toEqual(Object.keys(parse(BY_HAND) as object))
  })

  test.each(['The first ticket.', 'as the file', 'who and when', 'waiting for Bob', 'ours', 'the proof'])(
    'keeps the comment "%s"',
    (comment) => {
      expect(edited).toContain(`# ${comment}`)
    },
  )

  test('writes what it sets in the published style', () => {
    expect(edited).toContain(
      `\nstatus: "claimed"  # waiting for Bob\nclaimed_by: "alice"\nclaimed_at: "${NOW}"\n`,
    )
    expect(edited).toContain('\ntransition_log:\n  - from: "open"\n    to: "claimed"\n')
    expect(edited).toContain("\ntitle: 'Slugs: short ones'\n")
  })

  test('can be done again on its own result', () => {
    const again = edit(edited, { status: 'done' }, { transition_log: { ...MOVE, to: 'done' } })
    expect(parse(again)).toMatchObject({ status: 'done', transition_log: [MOVE, { ...MOVE, to: 'done' }] })
    expect(edit(again, {})).toBe(again)
  })
})

describe('an edit of what PyYAML wrote', () => {
  const dumped = `id: TKT-001
description: 'A long text that is folded over two lines because it has more than
  eighty characters.

  And a second line.'
acceptance_criteria:
- plain
- 'with: colon'
- expect_exit_code: 0
  run: npm test
  type: command
status: open
claimed_at: '2026-01-01T00:00:00Z'
wave: 1
result:
  artifacts: []
  evidence: null
depends_on: []
`
  test('keeps every value', () => {
    const edited = edit(dumped, { status: 'claimed', 'result.evidence': 'yes' }, { transition_log: MOVE })
    const before = parse(dumped) as { result: object }
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(edited, { version })).toEqual({
        ...before,
        status: 'claimed',
        result: { ...before.result, evidence: 'yes' },
        transition_log: [MOVE],
      })
  })
})

test('an edit keeps a byte order mark, and the document start of a file', () => {
  expect(edit('\uFEFF# a\nstatus: open\n', { status: 'done' })).toBe('\uFEFF# a\nstatus: "done"\n')
  expect(edit('---\nstatus: open\n', { status: 'done' })).toBe('---\nstatus: "done"\n')
})

test('an edit gives a file that ends in the middle of a line its end', () => {
  expect(edit("a:  'x'\nstatus: open", { status: 'done' })).toBe('a:  \'x\'\nstatus: "done"\n')
  expect(edit('status: open\na: |\n  x', { status: 'done' })).toBe('status: "done"\na: |\n  x\n')
})

describe('an entry', () => {
  test.each([
    ['into an empty list', 'log: []\n', 'log:\n  - "new"\n'],
    ['into a list on one line', 'log: [a, b]\n', 'log:\n  - a\n  - b\n  - "new"\n'],
    ['into a block', 'log:\n- a\nz: 1\n', 'log:\n- a\n- "new"\nz: 1\n'],
    ['in place of null', 'log: null\nz: 1\n', 'log:\n  - "new"\nz: 1\n'],
    ['in place of a text', 'log: none\n', 'log:\n  - "new"\n'],
    ['where there is no list yet', 'z: 1\n', 'z: 1\nlog:\n  - "new"\n'],
  ])('is added %s', (_title, before, after) => {
    expect(edit(before, {}, { log: 'new' })).toBe(after)
  })

  test('goes to the front when that is wanted, as in the history of stages', () => {
    const before = 'stage_history:\n  - stage: "planning" # first\n    reason: "initial"\n'
    expect(edit(before, {}, { stage_history: { stage: 'active', reason: 'go' } }, 'prepend')).toBe(
      'stage_history:\n  - stage: "active"\n    reason: "go"\n  - stage: "planning" # first\n    reason: "initial"\n',
    )
  })
})

describe('a field', () => {
  test.each([
    ['of a map that is null', 'result: null\nz: 1\n', { result: { summary: 'x' }, z: 1 }],
    ['of a map that is a text', 'result: done\n', { result: { summary: 'x' } }],
    ['of a map that is missing', 'z: 1\n', { z: 1, result: { summary: 'x' } }],
    ['of a map on one line', 'result: {evidence: e}\n', { result: { evidence: 'e', summary: 'x' } }],
  ])('%s is set', (_title, before, after) => {
    expect(parse(edit(before, { 'result.summary': 'x' }))).toEqual(after)
  })

  test('of a map that has a name is set there only, not wherever the name stands', () => {
    const before = 'result: &r\n  evidence: e\nother: *r\n'
    expect(parse(edit(before, { 'result.evidence': 'x' }))).toEqual({
      result: { evidence: 'x' },
      other: { evidence: 'e' },
    })
  })

  test('that is set to what it holds stays as it is written', () => {
    expect(edit("status: 'open'\nclaimed_by: ~\n", { status: 'open', claimed_by: null })).toBe(
      "status: 'open'\nclaimed_by: ~\n",
    )
  })

  test.each([
    ['a block', 'a: |-  # why\n  one\n  two\n# next\nz: 1\n', 'x', 'a: "x"  # why\n# next\nz: 1\n'],
    ['a block by a block', 'a: |\n  one\nz: 1\n', 'x\ny', 'a: |-\n  x\n  y\nz: 1\n'],
    ['a text with a comment by a block', 'a: one # why\n', 'x\ny', 'a: |- # why\n  x\n  y\n'],
    ['a folded text', "a: 'one\n\n  two'\nz: 1\n", 'x', 'a: "x"\nz: 1\n'],
    ['a text on the line below', 'a:\n  one\nz: 1\n', 'x', 'a: "x"\nz: 1\n'],
  ])('takes the place of %s', (_title, before, text, after) => {
    expect(edit(before, { a: text })).toBe(after)
  })

  test('is cleared by null, and may be a number', () => {
    expect(edit('claimed_by: "a"\nwave: 1\n', { claimed_by: null, wave: 2 })).toBe(
      'claimed_by: null\nwave: 2\n',
    )
  })

  test('of any text at all comes back as it was, and nothing else changes', () => {
    const fresh = renderDocument(workerDocument(bundleId('B-001'), ticketId('TKT-001'), { title: 'Slugs' }))
    for (const before of [fresh, BY_HAND])
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          const after = parse(edit(before, { status: text, 'result.evidence': text })) as { result: object }
          const untouched = parse(before) as { result: object }
          expect(after).toEqual({
            ...untouched,
            status: text,
            result: { ...untouched.result, evidence: text },
          })
        }),
      )
  })
})

describe('a revision', () => {
  const LIST = `# head
rows:
  # the first
  - id: 1 # one
    note: mine
    gone: x
  # the second
  - id: 2
    text: |
      long
  # the last
  - mine alone
# foot
none: [] # none yet
`
  const nameOf = (entry: unknown): string => JSON.stringify((entry as { readonly id?: number }).id ?? entry)
  const revise = (after: RawMap) => editDocument(LIST, { before: parse(LIST), after, nameOf })

  test('changes, adds and takes out entries and fields, and keeps each comment where it was', () => {
    const rows = [{ id: 1, note: 'mine', now: true }, { id: 2, text: 'short' }, { id: 3 }, 'mine alone']
    expect(revise({ rows, none: ['one'] })).toBe(`# head
rows:
  # the first
  - id: 1 # one
    note: mine
    now: true
  # the second
  - id: 2
    text: "short"
  - id: 3
  # the last
  - mine alone
# foot
none: # none yet
  - "one"
`)
  })

  test('can empty a list, and take out a field with its lines', () => {
    expect(revise({ rows: [], none: undefined })).toBe(`# head
rows: []
  # the first
  # the second
  # the last
# foot
`)
  })

  test('of an entry that is not there any more leaves the comment above it', () => {
    expect(revise({ rows: ['mine alone'], none: [] })).toBe(`# head
rows:
  # the first
  # the second
  # the last
  - mine alone
# foot
none: [] # none yet
`)
  })
})
