import { Object as Fields, Optional } from 'typebox'
import { describe, expect, test } from 'vitest'
import { optionsOf } from '../../../src/operation/input.ts'
import { count, flag, list, longText, path, text, texts, word } from '../../../src/operation/schema.ts'
import { GLOBAL_OPTIONS, parseArguments } from '../../../src/surfaces/cli/arguments.ts'

const options = optionsOf(
  Fields({
    bundle: word('the bundle'),
    title: text('what is to be done'),
    evidence: Optional(longText('what proves it')),
    acceptance: Optional(texts('how one sees it')),
    source_plan: Optional(path('the plan')),
    skills: Optional(list('what it takes')),
    wave: Optional(count('the wave')),
    force: Optional(flag('whatever the rules say')),
    no_memory: Optional(flag('tell nobody')),
  }),
)

const parse = (...words: readonly string[]) => parseArguments(words, options, ['bundle', 'title'])

const refusal = (message: RegExp, more: object = {}) =>
  expect.objectContaining({
    code: 'UNKNOWN_OPTION',
    message: expect.stringMatching(message) as string,
    ...more,
  }) as Error

describe('an option is read', () => {
  test.each([
    ['in one token', ['--title=Ship it'], { title: 'Ship it' }],
    ['in two tokens', ['--title', 'Ship it'], { title: 'Ship it' }],
    ['in snake_case', ['--source_plan', 'plan.md'], { source_plan: 'plan.md' }],
    ['in snake_case and one token', ['--source_plan=plan.md'], { source_plan: 'plan.md' }],
    ['in kebab-case', ['--source-plan=plan.md'], { source_plan: 'plan.md' }],
    ['with an equals sign in it', ['--title=a=b'], { title: 'a=b' }],
    ['with lines in it', ['--title=a\nb --force'], { title: 'a\nb --force' }],
    ['with a value that begins with a dash', ['--title', '-1'], { title: '-1' }],
    ['with a value that begins with two', ['--title', '--weird'], { title: '--weird' }],
    ['with an unknown negation for a value', ['--title', '--no-colour'], { title: '--no-colour' }],
    ['with an unknown option for a value', ['--title', '--colour=red'], { title: '--colour=red' }],
    ['with a known option for a value, in one token', ['--title=--force'], { title: '--force' }],
    ['with the end of options for a value', ['--title', '--'], { title: '--' }],
    ['from a file', ['--evidence-file=-'], { evidence_file: '-' }],
    ['for every list, repeated', ['--skills=a,b', '--skills', 'c'], { skills: ['a,b', 'c'] }],
    ['for every text of several', ['--acceptance=a, b', '--acceptance=c'], { acceptance: ['a, b', 'c'] }],
  ])('%s', (_title, words, raw) => {
    expect(parse(...words)).toEqual({ raw, globals: {}, warnings: [] })
  })

  test.each([
    ['bare', ['--force'], 'true'],
    ['before another option', ['--force', '--title=x'], 'true'],
    ['before a word that is no answer', ['--force', 'B-001'], 'true'],
    ['with =true', ['--force=true'], 'true'],
    ['with =off', ['--force=off'], 'off'],
    ['with a nonsense, for the normaliser to refuse', ['--force=maybe'], 'maybe'],
    ['and a word behind it', ['--force', 'no'], 'no'],
    ['and a capital word behind it', ['--force', 'TRUE'], 'TRUE'],
    ['as --no-force', ['--no-force'], 'false'],
    ['and its own placeholder, as absent', ['--force', '{force}'], undefined],
    ['and an empty word, as absent', ['--force', ''], undefined],
    ['and an empty value, as absent', ['--force='], undefined],
  ])('when it is a flag: %s', (_title, words, force) => {
    expect(parse(...words)).toMatchObject({ raw: force === undefined ? {} : { force }, warnings: [] })
    expect(parse(...words).raw.force).toBe(force)
  })

  test('whose name begins with no', () => {
    expect(parse('--no-memory').raw).toEqual({ no_memory: 'true' })
    expect(parse('--no-no-memory').raw).toEqual({ no_memory: 'false' })
  })

  test('of every command, beside those of this one', () => {
    const { raw, globals } = parse(
      '--root',
      '..',
      '--json',
      '--debug=no',
      '--input-json={"a":1}',
      '-h',
      '--wave=2',
    )
    expect(globals).toEqual({ root: '..', json: 'true', debug: 'no', input_json: '{"a":1}', help: 'true' })
    expect(raw).toEqual({ wave: '2' })
  })
})

describe('an option without its value', () => {
  test.each([
    ['at the end', ['--source-plan']],
    ['before another option', ['--source-plan', '--force']],
    ['before another option in one token', ['--source-plan', '--skills=a']],
    ['before another option in snake_case', ['--source-plan', '--no_memory']],
    ['before a negated flag', ['--source-plan', '--no-force']],
    ['before an option of every command', ['--source-plan', '--json']],
  ])('%s is left out with a warning', (_title, words) => {
    const { raw, warnings } = parse(...words)
    expect(raw).not.toHaveProperty('source_plan')
    expect(warnings).toEqual(['--source-plan came without a value and was left out'])
  })

  test('that is required is left to the normaliser, which refuses it', () => {
    expect(parse('--title', '--force')).toEqual({ raw: { force: 'true' }, globals: {}, warnings: [] })
  })

  test.each([
    ['an empty word', ['--source-plan', '']],
    ['an empty value', ['--source-plan=']],
    ['its own placeholder', ['--source-plan={source_plan}']],
    ['a word for nothing', ['--source-plan', 'None']],
  ])('but with %s is left out in silence', (_title, words) => {
    expect(parse(...words)).toEqual({ raw: {}, globals: {}, warnings: [] })
  })
})

describe('an option that is repeated', () => {
  test('has its last value, with a warning when they differ', () => {
    expect(parse('--title=a', '--title', 'b')).toEqual({
      raw: { title: 'b' },
      globals: {},
      warnings: ['--title was given more than once: the last value counts'],
    })
    expect(parse('--title=a', '--title=a')).toMatchObject({ raw: { title: 'a' }, warnings: [] })
    expect(parse('--force', '--no-force')).toMatchObject({
      raw: { force: 'false' },
      warnings: ['--force was given more than once: the last value counts'],
    })
  })

  test('keeps its value when it comes again with none', () => {
    expect(parse('--title=a', '--title=', '--title={title}')).toMatchObject({
      raw: { title: 'a' },
      warnings: [],
    })
    expect(parse('--skills=', '--skills=a', '--skills={skills}')).toMatchObject({ raw: { skills: 'a' } })
  })
})

describe('a word without an option', () => {
  test.each([
    ['fills the places in order', ['B-001', 'Ship it'], { bundle: 'B-001', title: 'Ship it' }],
    [
      'may stand between options',
      ['--wave=1', 'B-001', '--force', 'Ship it'],
      { bundle: 'B-001', title: 'Ship it' },
    ],
    [
      'takes the places that are left',
      ['Ship it', '--bundle', 'B-001'],
      { bundle: 'B-001', title: 'Ship it' },
    ],
    ['takes the place of an absent option', ['--bundle=', 'B-001'], { bundle: 'B-001' }],
    ['may begin with a dash behind --', ['B-001', '--', '--force'], { bundle: 'B-001', title: '--force' }],
  ])('%s', (_title, words, raw) => {
    expect(parse(...words).raw).toMatchObject(raw)
  })

  test('is refused when there is no place for it', () => {
    const hint = 'name its option, and quote a value that has spaces in it: see `tkt help <command>`'
    expect(() => parse('B-001', 'Ship', 'it')).toThrow(refusal(/^unexpected argument "it"$/, { hint }))
    expect(() => parse('--title=Ship', 'B-001', 'x'.repeat(500))).toThrow(
      refusal(/^unexpected argument "x{80}"$/, { details: { argument: 'x'.repeat(80) } }),
    )
  })
})

describe('an unknown option', () => {
  test.each([
    ['--titel=x', 'unknown option --titel', 'did you mean --title?'],
    ['--source-paln', 'unknown option --source-paln', 'did you mean --source-plan?'],
    ['--inputjson={}', 'unknown option --inputjson', 'did you mean --input-json?'],
  ])('%s is refused with the nearest one', (word, message, hint) => {
    expect(() => parse(word)).toThrow(refusal(RegExp(`^${message}$`), { hint }))
  })

  test.each([
    '-x',
    '-force',
    '--colour',
    '--no-title',
    '--no-colour',
    '--no-force=true',
    '--__proto__=x',
    '--constructor',
  ])('%s is refused with all there are', (word) => {
    const known = [...options, ...GLOBAL_OPTIONS].map(({ name }) => `--${name.replaceAll('_', '-')}`)
    expect(() => parse(word)).toThrow(
      refusal(/^unknown option -/, { details: expect.objectContaining({ known }) as object }),
    )
  })
})
