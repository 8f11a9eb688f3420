import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Changes } from '../../../src/bundles/model/ticket-moves.ts'
import { readPlain, writePlain } from '../../../src/bundles/store/plain-yaml.ts'
import { editDocument, readDocument, renderDocument } from '../../../src/bundles/store/yaml-document.ts'
import { editYaml } from '../../../src/bundles/store/yaml-file.ts'

const RUNS = { numRuns: Number(process.env.RUNS ?? 1000) }

const tameNames = ['id', 'status', 'claimed_by', 'result', 'depends_on', 'transition_log', 'x-y', '_a']
const wildNames = ['on', 'null', 'True', '1', 'a b', 'toString', '__proto__', '', 'é', '-', 'a:']
const tameWords = [
  'a',
  'true',
  '- a',
  'a: b',
  '# no',
  "it's",
  '"',
  '\\',
  '|-',
  '[]',
  '{',
  '---',
  'é',
  '日本',
  '\ud83d\ude00',
  '%',
]
const wildWords = [
  '\t',
  '\r',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u00a0',
  '\u0000',
  '\u007f',
  '\ud800',
  ' ',
  '\n',
]

const textOf = (words: readonly string[]) =>
  fc
    .tuple(fc.array(fc.constantFrom(...words), { maxLength: 8 }), fc.constantFrom('', ' ', '\n', '\n\n  '))
    .map(([chosen, between]) => chosen.join(between))
const tameScalar = fc.oneof(
  textOf(tameWords),
  fc.lorem({ maxCount: 30 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const wildScalar = fc.oneof(
  tameScalar,
  textOf([...tameWords, ...wildWords]),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constant(-0),
)

const mapOf = (names: readonly string[], scalar: fc.Arbitrary<unknown>) =>
  fc.letrec<{ any: unknown; map: Record<string, unknown> }>((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('any'), { maxLength: 4 }), tie('map')),
    map: fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 6 }),
  })).map
const tame = mapOf(tameNames, tameScalar)
const any = fc.oneof(tame, mapOf([...tameNames, ...wildNames], wildScalar))

/** Texts like ours, with something done to them that a person or another program might do. */
const touched = fc
  .tuple(
    any,
    fc.array(fc.tuple(fc.nat(), fc.nat(9), fc.constantFrom(...tameWords, ...wildWords)), { maxLength: 3 }),
  )
  .map(([map, touches]) =>
    touches.reduce((written, [at, removed, added]) => {
      const place = at % (written.length + 1)
      return written.slice(0, place) + added + written.slice(place + removed)
    }, renderDocument(map)),
  )

describe('the plain part of YAML', () => {
  test('is written as the library writes it, or not at all', () => {
    fc.assert(
      fc.property(any, (map) => {
        const written = writePlain(map)
        if (written !== undefined) expect(written).toBe(renderDocument(map))
      }),
      RUNS,
    )
  })

  test('is read back as it was', () => {
    fc.assert(
      fc.property(any, (map) => {
        const written = writePlain(map)
        if (written !== undefined) expect(readPlain(written)).toStrictEqual(map)
      }),
      RUNS,
    )
  })

  test('is read as the library reads it, or not at all', () => {
    fc.assert(
      fc.property(touched, (written) => {
        const read = readPlain(written)
        if (read !== undefined) expect(readDocument(written)).toStrictEqual({ ok: true, value: read })
      }),
      RUNS,
    )
  })

  test('holds the files that this program writes', () => {
    const ticket = {
      id: 'TKT-001',
      title: 'Say "yes": \\ or no',
      acceptance_criteria: ['It is seen', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
      claimed_by: null,
      wave: 2,
      result: { summary: null, artifacts: [], evidence: 'npm test\n\n  12 passed' },
      transition_log: [],
      audit_required: true,
    }
    expect(writePlain(ticket)).toBe(renderDocument(ticket))
    expect(readPlain(renderDocument(ticket))).toStrictEqual(ticket)
  })

  test.each([
    [
      'comments and empty lines',
      '# tickets\nwave: 2\n\n  # more\nskills:\n  # none\n  - "a"\n',
      { wave: 2, skills: ['a'] },
    ],
    ['a block at the end', 'notes: |-\n  a\n\n   b\n\n', { notes: 'a\n\n b' }],
  ])('includes %s', (_, written, read) => {
    expect(readPlain(written)).toStrictEqual(read)
  })

  test.each([
    '',
    '\n',
    'a: b',
    'a: 1\na: 2\n',
    'a: 0x10\n',
    'a: 1.5\n',
    '- "a"\n',
    'a:\n- "b"\n',
    'a: "b" # c\n',
    'a: *b\n',
  ])('leaves %j to the library', (written) => {
    expect(readPlain(written)).toBeUndefined()
  })
})

describe('an edit', () => {
  const changes: fc.Arbitrary<Changes> = fc.dictionary(
    fc.constantFrom('status', 'claimed_by', 'result.summary', 'result.evidence', 'new_field'),
    fc.oneof(textOf([...tameWords, ...wildWords]), fc.integer(), fc.constant(null)),
    { maxKeys: 3 },
  )
  const entries = fc.dictionary(fc.constantFrom('transition_log', 'result'), any, { maxKeys: 1 })
  const order = fc.constantFrom('append' as const, 'prepend' as const)

  test('of a plain file gives what the library gives', () => {
    fc.assert(
      fc.property(tame, changes, entries, order, (map, set, added, where) => {
        const written = writePlain(map)
        fc.pre(written !== undefined)
        const file = { path: 'TKT-001.yaml', text: written, value: map }
        expect(editYaml(file, set, added, where)).toBe(
          editDocument(written, { changes: set, entries: added, order: where }),
        )
      }),
      RUNS,
    )
  })

  test('keeps the comments of a file that a person touched', () => {
    const written = 'status: "open" # mine\nlog: []\n'
    const file = { path: 'TKT-001.yaml', text: written, value: { status: 'open', log: [] } }
    expect(editYaml(file, { status: 'done' })).toBe('status: "done" # mine\nlog: []\n')
  })
})
