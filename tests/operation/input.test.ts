import { Object as Fields, Optional } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  booleanOf,
  flagOf,
  isAbsent,
  normaliseInput,
  optionsOf,
  type RawInput,
} from '../../src/operation/input.ts'
import { choice, count, flag, list, longText, path, text, texts, word } from '../../src/operation/schema.ts'

const options = optionsOf(
  Fields({
    agent: word('who'),
    goal: text('what for'),
    evidence: Optional(longText('what proves it')),
    acceptance: Optional(texts('how one sees it')),
    source_plan: Optional(path('the plan')),
    depends_on: Optional(list('what before')),
    force: Optional(flag('whatever the rules say')),
    wave: Optional(count('the wave')),
    priority: Optional(choice(['low', 'high'], 'how urgent')),
  }),
)

/** Files by name; '-' is standard input. */
const TEXTS: Readonly<Record<string, string>> = {
  '-': 'piped\n\n',
  'log.txt': 'two\nlines\r\n\n',
  'empty.txt': ' \n\n',
  'nul.txt': 'a\0b',
}

const normalise = (raw: RawInput) =>
  normaliseInput(options, raw, async (source) => TEXTS[source] ?? `the file ${source}`)

/** What becomes of one value beside the two that are required. */
async function read(name: string, value: unknown): Promise<unknown> {
  return (await normalise({ agent: 'alice', goal: 'ship', [name]: value }))[name]
}

const refusal = (message: RegExp, details?: object) =>
  expect.objectContaining({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(message) as string,
    ...(details === undefined ? {} : { details: expect.objectContaining(details) as object }),
  }) as Error

describe('the options of an operation', () => {
  test('stand in the order of the schema, and a long text has a second one that names a file', () => {
    expect(options.map(({ name }) => name)).toEqual(
      'agent goal evidence evidence_file acceptance source_plan depends_on force wave priority'.split(' '),
    )
    expect(options.filter(({ required }) => required).map(({ name }) => name)).toEqual(['agent', 'goal'])
    expect(options.find(({ name }) => name === 'evidence_file')).toMatchObject({
      kind: 'path',
      required: false,
      fileOf: 'evidence',
    })
    expect(options.at(-1)).toMatchObject({ kind: 'word', choices: ['low', 'high'] })
  })

  test('are typed in kebab-case', () => {
    expect(flagOf('source_plan')).toBe('--source-plan')
  })
})

describe('a value counts as absent', () => {
  const spellings = ['{NAME}', '${NAME}', '<NAME>', '{{NAME}}', ' {NAME} ']
  const cases = options.flatMap(({ name }) =>
    [name, name.replaceAll('_', '-')].flatMap((spelt) =>
      ['', '  ', '\n', ...spellings.map((spelling) => spelling.replace('NAME', spelt))].map(
        (value) => [name, value] as const,
      ),
    ),
  )
  test.each(cases)('for %s when it is %j', (name, value) => {
    const option = options.find((known) => known.name === name)
    expect(option !== undefined && isAbsent(option, value)).toBe(true)
  })

  test.each([undefined, null, []])('when it is the JSON value %j', async (value) => {
    expect(await read('depends_on', value)).toBeUndefined()
  })

  test.each(['null', 'None', 'undefined', ' null '])(
    'when it says %j, unless it is a text that must be there',
    async (value) => {
      for (const { name } of options.filter(({ required }) => !required))
        expect(await normalise({ agent: 'alice', goal: 'ship', [name]: value })).toEqual({
          agent: 'alice',
          goal: 'ship',
        })
      await expect(normalise({ agent: value, goal: 'ship' })).rejects.toThrow(refusal(/^missing: --agent$/))
      expect(await read('goal', value)).toBe(value.trim())
    },
  )

  test.each(['{track}', 'use {goal} here', '{goal', '{Goal}', 'NULL'])(
    'but not when it is %j',
    async (value) => {
      expect(await read('goal', value)).toBe(value)
    },
  )

  test('and of what is required everything absent is named at once', async () => {
    await expect(normalise({ agent: '{agent}' })).rejects.toThrow(
      refusal(/^missing: --agent, --goal$/, { missing: ['agent', 'goal'] }),
    )
  })
})

describe('a text becomes', () => {
  test.each([
    ['goal', '  ship it ', 'ship it'],
    ['goal', 7, '7'],
    ['goal', '--force', '--force'],
    ['agent', ' alice ', 'alice'],
    ['evidence', '  kept\n  as it is \r\n\n', '  kept\n  as it is '],
    ['evidence', '-', 'piped'],
    ['acceptance', 'one, with a comma', ['one, with a comma']],
    ['acceptance', '["one","two"]', ['one', 'two']],
    ['acceptance', ['one', '["two","three"]'], ['one', 'two', 'three']],
    ['acceptance', '[ ] not an array', ['[ ] not an array']],
    ['acceptance', '[1]', ['[1]']],
    ['depends_on', 'B-001, B-002,,', ['B-001', 'B-002']],
    ['depends_on', '["B-001", "a,b"]', ['B-001', 'a,b']],
    ['depends_on', ['B-001', 'B-002,B-003'], ['B-001', 'B-002', 'B-003']],
    ['depends_on', ',', []],
    ['depends_on', 7, ['7']],
    ['wave', '12', 12],
    ['wave', ' +3 ', 3],
    ['wave', '-1', -1],
    ['wave', 4, 4],
    ['force', true, true],
    ['force', 0, false],
  ])('for %s, given %j: %j', async (name, value, expected) => {
    expect(await read(name, value)).toEqual(expected)
  })

  test.each([
    ['true', true],
    ['1', true],
    ['YES', true],
    [' On ', true],
    ['false', false],
    ['0', false],
    ['No', false],
    ['off', false],
    ['maybe', undefined],
    ['2', undefined],
  ])('a flag, given %j: %s', (value, expected) => {
    expect(booleanOf(value)).toBe(expected)
  })
})

describe('a value is refused with its name and what it was', () => {
  test.each([
    ['wave', '1.5', /^--wave must be a whole number, got "1\.5"$/],
    ['wave', '1e3', /whole number/],
    ['wave', 'three', /whole number/],
    ['wave', true, /whole number, got "true"/],
    ['wave', '9'.repeat(16), /whole number/],
    ['force', 'maybe', /^--force must be true or false \(or 1\/0, yes\/no, on\/off\), got "maybe"$/],
    ['force', 2, /true or false/],
    ['goal', { a: 1 }, /^--goal must be text, got "\{\\"a\\":1\}"$/],
    ['goal', true, /must be text/],
    ['source_plan', 'a\0b', /^--source-plan must not contain a NUL character/],
    ['evidence', 'a\0b', /NUL/],
    ['evidence_file', 'nul.txt', /NUL/],
    ['evidence_file', 'a\0b', /^--evidence-file .*NUL/],
    ['acceptance', ['fine', 'a\0b'], /NUL/],
    ['depends_on', [['a', null]], /must be text/],
  ])('%s as %j', async (name, value, message) => {
    await expect(read(name, value)).rejects.toThrow(refusal(message))
  })

  test('which is shortened', async () => {
    const details = { field: 'wave', value: `${'x'.repeat(80)}…` }
    await expect(read('wave', 'x'.repeat(5000))).rejects.toThrow(refusal(/whole number/, details))
  })
})

describe('a long text', () => {
  test('comes out of a file without the line breaks at its end', async () => {
    expect(await normalise({ agent: 'alice', goal: 'ship', evidence_file: ' log.txt ' })).toEqual({
      agent: 'alice',
      goal: 'ship',
      evidence: 'two\nlines',
    })
    expect(await normalise({ agent: 'alice', goal: 'ship', evidence_file: '-' })).toMatchObject({
      evidence: 'piped',
    })
  })

  test('that is nothing but white space counts as absent', async () => {
    expect(await normalise({ agent: 'alice', goal: 'ship', evidence_file: 'empty.txt' })).not.toHaveProperty(
      'evidence',
    )
  })

  test('is given in one way only, even when the other one is empty', async () => {
    for (const evidence of ['proof', '-'])
      for (const evidence_file of ['log.txt', 'empty.txt'])
        await expect(normalise({ agent: 'alice', goal: 'ship', evidence, evidence_file })).rejects.toThrow(
          refusal(/^--evidence and --evidence-file are the same input/),
        )
    expect(
      await normalise({ agent: 'alice', goal: 'ship', evidence: '{evidence}', evidence_file: 'log.txt' }),
    ).toHaveProperty('evidence', 'two\nlines')
  })

  test('with a hundred thousand empty lines in it is read at once', async () => {
    const evidence = `a${'\n'.repeat(190_000)}b`
    expect(await read('evidence', evidence)).toBe(evidence)
  }, 2000)
})
