import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../src/bundles/store/yaml-read.ts'
import { resolveConfig, RULES, type Config, type ResolvedConfig } from '../src/config.ts'

const DEFAULTS: Config = {
  lock_timeout_ms: 30_000,
  max_tickets: 6,
  auto_audit: true,
  one_ticket_at_a_time: false,
  stale: { timeout_ms: 3_600_000, auto_revert: false },
  run_structural: true,
  close_gate: { command: undefined, timeout_ms: 600_000 },
  isolation: { enabled: false, folder: '.tkt/worktrees', merges: true },
  note_path: 'note/note_tasks.md',
  note_headings: { added: 'New', inbox: 'Review Agent Inbox' },
  owners: { workflow: 'skill-system-tkt', review: 'skill-system-review', cockpit: 'skill-system-cockpit' },
  policy: {},
  acceptance_timeout_ms: 120_000,
  durable: {
    one_ticket_at_a_time: true,
    blocked_ticket_counts: false,
    ageing_ms: 0,
    project: 'default/main',
  },
  evidence: { required: [], timeout_ms: 300_000 },
  verification: { commands: [], timeout_ms: 600_000 },
  scope: { at_close: 'off', written: undefined },
  unused: [],
}

/** As the file of that text is. */
function resolve(text = ''): ResolvedConfig {
  const read = readDocument(text)
  return read.ok ? resolveConfig(read.value) : { ok: false, errors: [read.reason] }
}

const resolved = (text: string | undefined): Config => {
  const result = resolve(text)
  if (!result.ok) throw new Error(result.errors.join('; '))
  return result.config
}

const errorsOf = (text: string): readonly string[] => {
  const result = resolve(text)
  return result.ok ? [] : result.errors
}

describe('a configuration', () => {
  test.each([
    ['that is absent', undefined],
    ['that is empty', ''],
    ['of comments', '# nothing yet\n'],
    ['that says null', 'null'],
    ['of empty sections', 'ticket:\nclose_gate:\n  command:\nbundle: {}\n'],
    ['that says nothing in words', 'lock_timeout: null\nclose_gate: {command: ~, enabled: null}\n'],
  ])('%s is all defaults', (_title, text) => {
    expect(resolved(text)).toEqual(DEFAULTS)
  })

  test('as shipped says the defaults', () => {
    expect(resolved(readFileSync(join(import.meta.dirname, '../config/tkt.yaml'), 'utf8'))).toEqual(DEFAULTS)
  })

  test.each<readonly [string, Partial<Config>]>([
    ['ticket: {lock_timeout: 2}', { lock_timeout_ms: 2000 }],
    [
      'verification: {commands: [npm test, "true"], timeout_seconds: 5}',
      { verification: { commands: ['npm test', 'true'], timeout_ms: 5000 } },
    ],
    ['lock_timeout: 0.5', { lock_timeout_ms: 500 }],
    ['lock_timeout: 2 # s', { lock_timeout_ms: 2000 }],
    ['a: {b: {lock_timeout: 0}}\nticket: {lock_timeout: 9}', { lock_timeout_ms: 0 }],
    ['bundle: {max_tickets: 12, auto_audit: false}', { max_tickets: 12, auto_audit: false }],
    ['enforcement: {run_structural: false}', { run_structural: false }],
    ['close_gate: {command: " npm test "}', { close_gate: { command: 'npm test', timeout_ms: 600_000 } }],
    ['close_gate: {command: "  "}', {}],
    ['close_gate: {command: npm test, enabled: false}', {}],
    [
      'close_gate: {command: npm test, timeout_seconds: 1}',
      { close_gate: { command: 'npm test', timeout_ms: 1000 } },
    ],
    [
      'close_gate:\n  command: |\n    npm ci\n    npm test\n',
      { close_gate: { command: 'npm ci\nnpm test', timeout_ms: 600_000 } },
    ],
    ['acceptance: {timeout_seconds: 1.5}', { acceptance_timeout_ms: 1500 }],
    ['note: {path: docs/notes.md}', { note_path: 'docs/notes.md' }],
    [
      'policy: {method_laws: {one_ticket_at_a_time: One.}, collaboration: {x: [1], subagent_policy: None.}}',
      { policy: { one_ticket_at_a_time: 'One.', subagent_policy: 'None.' } },
    ],
    ['enforcement: {scope: block}', { scope: { at_close: 'block', written: undefined } }],
    ['scope: {rules: []}', { scope: { at_close: 'off', written: { rules: [] } } }],
    ['scope:', {}],
    ['\uFEFFlock_timeout: 1', { lock_timeout_ms: 1000 }],
    ['lock_timeout: 1\r\nbundle:\r\n  max_tickets: 1\r\n', { lock_timeout_ms: 1000, max_tickets: 1 }],
  ])('%j is taken as written', (text, change) => {
    expect(resolved(text)).toEqual({ ...DEFAULTS, ...change })
  })

  test('of the published tool is accepted in silence', () => {
    const text = [
      'bundle: {min_tickets: 2, max_tickets: 6, auto_audit: true}',
      'ticket: {states: [open, claimed, in_progress, done, blocked, failed], lock_timeout: 30}',
      'roadmap: {data_dir: .tkt, valid_stages: [planning, active]}',
      'stale: {idle_timeout_minutes: 60, auto_revert: false}',
      'enforcement: {tdd_required: true, run_structural: true, run_pytest: true, block_on_failure: true}',
      'isolation: {worktree_enabled: false, worktree_dir: .tkt/worktrees, merge_strategy: no-ff}',
      'policy: {collaboration: {a: 1}, method_laws: [x], question_tool: q, subagent: s}',
    ].join('\n')
    expect(resolved(text)).toEqual(DEFAULTS)
  })

  test('tells the keys that mean nothing', () => {
    const text =
      'colour: red\nclose_gate: {comand: npm test}\nbundle: {max_ticket: 3}\nlist: [1]\nstales: {a: 1}\n'
    expect(resolved(text).unused).toEqual([
      'colour',
      'close_gate.comand',
      'bundle.max_ticket',
      'list',
      'stales.a',
    ])
  })
})

describe('a wrong value is refused', () => {
  const WRONG: Readonly<Record<(typeof RULES)[number]['type'], readonly string[]>> = {
    number: ['"2"', 'soon', 'true', '[1]', '-1', '.nan', '.inf', '2s'],
    boolean: ['"true"', 'no', '1', '[true]', 'off'],
    text: ['7', 'true', '[npm, test]'],
    word: ['no', 'false', '7', '[off]', 'OFF'],
    commands: ['7', 'npm test', '[1]', '[""]', '[[a]]', '{run: a}'],
    kinds: ['7', 'commit', '[commits]', '["commit|"]', '[[commit]]', '{commit: 1}'],
  }
  const cases = RULES.flatMap((rule) => WRONG[rule.type].map((value) => [rule.key, value] as const))

  test.each(cases)('for %s when it is %s', (key, value) => {
    const [section = '', name = ''] = key.split('.')
    const [error, ...more] = errorsOf(`${section}:\n  ${name}: ${value}\n`)
    expect(error).toMatch(
      RegExp(
        `^${key.replace('.', '\\.')} must be (text|true or false|a number, \\d or more|a list (such as .*|of commands as text)|one of off, warn, block), got `,
      ),
    )
    expect(more).toEqual([])
  })

  test.each(RULES.filter((rule) => 'minimum' in rule))('for $key below $minimum', ({ key, minimum }) => {
    const [section = '', name = ''] = key.split('.')
    expect(errorsOf(`${section}: {${name}: ${minimum}}`)).toEqual([])
    expect(errorsOf(`${section}: {${name}: ${minimum - 0.5}}`)).toEqual([
      `${key} must be a number, ${minimum} or more, got ${minimum - 0.5}`,
    ])
  })

  test.each(['ticket', 'bundle', 'close_gate', 'acceptance', 'enforcement'])(
    'for the section %s when it is no map',
    (section) => {
      for (const value of ['npm test', '7', 'true', '[a]'])
        expect(errorsOf(`${section}: ${value}\n`)).toEqual([`${section} must be a map of keys`])
    },
  )

  test('for a value when it is a map', () => {
    expect(errorsOf('close_gate:\n  command:\n    run: npm test\n')).toEqual([
      'close_gate.command must be text, got {"run":"npm test"}',
    ])
  })

  test('and all of them are told at once', () => {
    const text = 'lock_timeout: soon\nbundle: {max_tickets: 0, auto_audit: maybe}\nclose_gate: {command: 7}\n'
    expect(errorsOf(text)).toEqual([
      'ticket.lock_timeout must be a number, 0 or more, got "soon"',
      'bundle.max_tickets must be a number, 1 or more, got 0',
      'bundle.auto_audit must be true or false, got "maybe"',
      'close_gate.command must be text, got 7',
    ])
  })
})

describe('a file that is no configuration is refused', () => {
  test.each([
    ['a list', '- a\n- b\n'],
    ['a word', 'lock_timeout'],
    ['a number', '7'],
  ])('as %s', (_title, text) => {
    expect(errorsOf(text)).toEqual(['the file must hold a map of keys, such as `close_gate:`'])
  })

  test.each([
    ['a quote that does not end', 'a: 1\nclose_gate:\n  command: "npm test\n', /line \d/],
    ['a colon too many', 'a: b: c\n', /^line 1: Nested mappings/],
    ['a key that comes twice', 'a: 1\na: 2\n', /^line 2: Map keys must be unique/],
    ['two documents', 'a: 1\n---\na: 2\n', /multiple documents/],
    ['an unknown alias', 'a: *b\n', /alias/],
    ['a map that holds itself', 'a: &a\n  b: *a\n', /circular/],
  ])('with its line, when it has %s', (_title, text, reason) => {
    expect(errorsOf(text)).toHaveLength(1)
    expect(errorsOf(text)[0]).toMatch(reason)
    expect(errorsOf(text)[0]).not.toContain('\n')
  })

  test('when its aliases multiply', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 9; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      )
    expect(errorsOf(lines.join('\n'))).toEqual([expect.stringMatching(/alias/) as string])
  }, 5000)
})

test('every rule has a default that it accepts itself', () => {
  for (const { key, default: value } of RULES) {
    const [section = '', name = ''] = key.split('.')
    expect(errorsOf(`${section}: {${name}: ${JSON.stringify(value)}}`)).toEqual([])
  }
})
