import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describeCriterion,
  isCommand,
  judgeCommand,
  parseCriterion,
  readCriterion,
  type CommandCriterion,
} from '../../src/evidence/acceptance.ts'

const command = (more: Partial<CommandCriterion> = {}): CommandCriterion => ({
  type: 'command',
  run: 'npm test',
  expect_exit_code: 0,
  ...more,
})

describe('a criterion as typed', () => {
  it.each([
    [
      'a sentence is kept',
      ' 201 with a Location header; 409 if taken ',
      '201 with a Location header; 409 if taken',
    ],
    ['quotes, $HOME and backticks stay text', '"a" `b` $(c) $HOME', '"a" `b` $(c) $HOME'],
    ['braces in prose stay text', '{id} is in the body', '{id} is in the body'],
    ['template braces stay text', '{{name}} is rendered', '{{name}} is rendered'],
    ['a map of another kind stays text', '{"a": 1} is returned', '{"a": 1} is returned'],
    ['the YAML form is a command', '{type: command, run: npm test}', command()],
    [
      'the JSON form is a command',
      '{"type":"command","run":"npm test","expect_exit_code":3}',
      command({ expect_exit_code: 3 }),
    ],
    [
      'expected output is kept',
      '{type: command, run: npm test, expect_contains: "a, b"}',
      command({ expect_contains: 'a, b' }),
    ],
    [
      'quoted braces belong to the command',
      `{type: command, run: "awk '{print}' f"}`,
      command({ run: "awk '{print}' f" }),
    ],
  ])('%s', (_title, text, criterion) => {
    expect(parseCriterion(text)).toEqual({ ok: true, criterion })
  })

  it.each([
    ['an empty text', '  ', /empty/],
    ['a command without its type', '{run: npm test}', /without "type: command"; write {type: command, run:/],
    ['another type', '{type: shell, run: npm test}', /without "type: command"/],
    ['a map that does not end', '{type: command, run: npm test', /unreadable.*write {type: command/],
    ['text after the map', '{type: command, run: a} passes', /unreadable/],
    ['an alias', '{type: &a command, run: *a}', /write {type: command/],
    ['a deep map', `{type: command, run: ${'{a: '.repeat(2000)}`, /unreadable/],
    ['a map of more than 10 kB', `{type: command, run: "${'a'.repeat(10_000)}"}`, /longer than 10000/],
    ['a run that is missing', '{type: command}', /run must be a command/],
    ['an empty run', '{type: command, run: " "}', /run must be a command/],
    ['a run that is a number', '{type: command, run: 7}', /run must be a command/],
    ['a run cut by a comma', '{type: command, run: echo a, b}', /unknown key "b"/],
    ['an unknown key', '{type: command, run: a, timeout: 3}', /unknown key "timeout"/],
    ['an exit code above 255', '{type: command, run: a, expect_exit_code: 256}', /0 to 255/],
    ['an exit code as text', '{type: command, run: a, expect_exit_code: "0"}', /0 to 255/],
    ['expected output that is a number', '{type: command, run: a, expect_contains: 200}', /double quotes/],
    ['expected output that is null', '{type: command, run: a, expect_contains: }', /must be text/],
  ])('%s is refused with a reason', (_title, text, reason) => {
    const reading = parseCriterion(text)
    expect(reading.ok ? reading.criterion : reading.reason).toMatch(reason)
    expect(reading.ok).toBe(false)
  })

  it('any text at all gets an answer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => typeof parseCriterion(`{${text}`).ok === 'boolean',
      ),
    )
  })
})

const circular: Record<string, unknown> = {}
circular['self'] = circular

describe('a criterion out of a ticket file', () => {
  it.each([
    ['a text', ' as is ', ' as is '],
    ['a number', 3, '3'],
    ['a boolean', false, 'false'],
    ['nothing', null, undefined],
    ['another map', { given: 'a', then: 1 }, '{"given":"a","then":1}'],
    ['a list', ['a', 1], '["a",1]'],
    ['a map that holds itself', circular, '(a value without text form)'],
    ['a command', command({ expect_contains: 'ok' }), command({ expect_contains: 'ok' })],
    ['a command without exit code', { type: 'command', run: 'npm test' }, command()],
    [
      'an exit code as text',
      { type: 'command', run: 'npm test', expect_exit_code: '2' },
      command({ expect_exit_code: 2 }),
    ],
    ['a command without run', { type: 'command', run: null, expect_contains: null }, command({ run: '' })],
    [
      'expected output as a number',
      { type: 'command', run: 'npm test', expect_contains: 200 },
      command({ expect_contains: '200' }),
    ],
  ])('%s is read without refusal', (_title, value, criterion) => {
    expect(readCriterion(value)).toEqual(criterion)
  })

  it('any value at all is read', () => {
    fc.assert(fc.property(fc.anything(), (value) => void readCriterion(value)))
  })
})

describe('the judgement of a command', () => {
  const passed = { exit_code: 0, timed_out: false, contains: false }
  it.each([
    ['the expected exit code passes', command(), passed, undefined],
    [
      'another expected exit code passes',
      command({ expect_exit_code: 2 }),
      { ...passed, exit_code: 2 },
      undefined,
    ],
    ['a wrong exit code fails', command(), { ...passed, exit_code: 1 }, 'exit code 1, expected 0'],
    [
      'a timeout comes before its signal',
      command(),
      { ...passed, exit_code: undefined, timed_out: true, signal: 'SIGKILL' },
      'timed out',
    ],
    [
      'a signal fails',
      command(),
      { ...passed, exit_code: undefined, signal: 'SIGKILL' },
      'killed by SIGKILL',
    ],
    [
      'a command that never ran fails',
      command(),
      { ...passed, exit_code: undefined },
      'no exit code, expected 0',
    ],
    ['missing output fails', command({ expect_contains: 'ok' }), passed, 'output lacks "ok"'],
    ['found output passes', command({ expect_contains: 'ok' }), { ...passed, contains: true }, undefined],
    ['an empty run fails', command({ run: ' ' }), passed, 'run is empty'],
  ])('%s', (_title, criterion, outcome, reason) => {
    expect(judgeCommand(criterion, outcome)).toBe(reason)
  })
})

describe('a criterion for people', () => {
  it.each([
    ['a sentence', 'two\n lines', 'two lines'],
    ['a command', command(), 'command: npm test (exit code 0)'],
    [
      'output',
      command({ expect_contains: 'a\nb' }),
      'command: npm test (exit code 0, output contains "a\\nb")',
    ],
  ])('%s is one line', (_title, criterion, line) => {
    expect(describeCriterion(criterion)).toBe(line)
    expect(isCommand(criterion)).toBe(typeof criterion !== 'string')
  })
})
