/** What callers get wrong, through the command line: one clear error that names the field, and nothing changed. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { tkt } from '../support/tkt.ts'
import { refused } from './refusing.ts'

describe('options', () => {
  const CASES: readonly (readonly [why: string, words: readonly string[], error: string, told: RegExp])[] = [
    [
      'an unknown one names the nearest',
      ['status', '--bundel', 'B-001'],
      'UNKNOWN_OPTION',
      /did you mean --bundle\?/,
    ],
    [
      'an unknown one in snake case too',
      ['update', '--evidance_file=x'],
      'UNKNOWN_OPTION',
      /did you mean --evidence-file\?/,
    ],
    ['a short one is unknown', ['status', '-b', 'B-001'], 'UNKNOWN_OPTION', /-b/],
    ['an unknown command names the nearest', ['claimm'], 'UNKNOWN_COMMAND', /did you mean claim\?/],
    ['a word out of nowhere', ['frobnicate'], 'UNKNOWN_COMMAND', /frobnicate/],
    ['a name every object has is no command', ['constructor'], 'UNKNOWN_COMMAND', /constructor/],
    ['nor an action', ['express', 'constructor'], 'UNKNOWN_COMMAND', /create, list, claim, close/],
    ['nor a status', ['update', 'B-001', 'TKT-001', 'constructor'], 'TRANSITION_REFUSED', /constructor/],
    ['nor a stage', ['roadmap-transition', '__proto__', '--reason', 'r'], 'STAGE_UNKNOWN', /__proto__/],
    ['a missing value', ['status', '--bundle'], 'INPUT_INVALID', /missing: --bundle/],
    [
      'a value that is an option',
      ['claim', '--bundle', '--ticket', 'TKT-001', '--agent', 'a'],
      'INPUT_INVALID',
      /missing: --bundle/,
    ],
    ['a word too many', ['status', 'B-001', 'B-002'], 'UNKNOWN_OPTION', /unexpected argument "B-002"/],
    [
      'a number that is none',
      ['add', 'B-001', 't', '--wave', '1\nstatus: done'],
      'INPUT_INVALID',
      /--wave must be a whole number/,
    ],
    [
      'a number below zero',
      ['add', 'B-001', 't', '--wave', '-1'],
      'INPUT_INVALID',
      /--wave must be at least 0/,
    ],
    [
      'a flag that is neither true nor false',
      ['close', 'B-001', '--merge=maybe'],
      'INPUT_INVALID',
      /--merge must be true or false/,
    ],
    [
      'a type that would escape the gates',
      ['add', 'B-001', 't', '--type', 'audit'],
      'INPUT_INVALID',
      /--type audit/,
    ],
    [
      'and in another spelling',
      ['add', 'B-001', 't', '--type', 'Integrate'],
      'INPUT_INVALID',
      /--type must be lower-case/,
    ],
    ['a title that is white space', ['add', 'B-001', ' \t '], 'INPUT_INVALID', /--title/],
    [
      'a title of 10 kB',
      ['add', 'B-001', 'x'.repeat(10_000)],
      'INPUT_INVALID',
      /--title must be at most 1000 characters/,
    ],
    [
      'an agent of two lines',
      ['claim', 'B-001', 'TKT-001', 'a\nb'],
      'INPUT_INVALID',
      /--agent must be one line/,
    ],
    [
      'text that is no JSON',
      ['status', '--input-json', '{'],
      'INPUT_INVALID',
      /--input-json must be one JSON object/,
    ],
    [
      'JSON that is no object',
      ['status', '--input-json', '["B-001"]'],
      'INPUT_INVALID',
      /--input-json must be one JSON object/,
    ],
    [
      'a field nobody knows',
      ['status', '--input-json', '{"bundel":"B-001"}'],
      'UNKNOWN_OPTION',
      /did you mean bundle\?/,
    ],
    [
      'a field that every object has',
      ['status', '--input-json', '{"__proto__":{"bundle":"B-001"}}'],
      'UNKNOWN_OPTION',
      /__proto__/,
    ],
    [
      'an object where a text is due',
      ['status', '--input-json', '{"bundle":{"a":1}}'],
      'INPUT_INVALID',
      /--bundle must be text/,
    ],
    [
      'a list where a word is due',
      ['status', '--input-json', '{"bundle":["B-001"]}'],
      'INPUT_INVALID',
      /--bundle must be text/,
    ],
    [
      'a list in a list of texts',
      ['add', '--input-json', '{"bundle":"B-001","title":"t","acceptance":[["a"],{"b":1}]}'],
      'INPUT_INVALID',
      /--acceptance/,
    ],
    [
      'evidence twice',
      ['update', 'B-001', 'TKT-001', 'done', '--evidence', 'a', '--evidence-file', 'plan.md'],
      'INPUT_INVALID',
      /--evidence/,
    ],
  ]
  test.each(CASES)('%s', async (_, words, error, told) => {
    const project = await startBundle(1, { 'plan.md': '# Plan\n' })
    const { code, json } = refused(project, words)
    expect([code, json.error]).toEqual([error === 'TRANSITION_REFUSED' ? 5 : 2, error])
    expect(`${String(json.message)} ${String(json.hint)}`).toMatch(told)
  })

  test('a tower of brackets is refused like any other text that does not fit', async () => {
    const project = await startBundle(1)
    const tower = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const { code, json } = refused(
      project,
      ['add', '--input-json', '-'],
      `{"bundle":"B-001","title":"t","acceptance":${tower}}`,
    )
    expect([code, json.error]).toEqual([2, 'INPUT_INVALID'])
  })

  test('repeated: the last value counts and the caller is told; lists and texts add up', async () => {
    const project = await startBundle(0)
    const words = [
      'add',
      'B-001',
      't',
      '--category',
      'a',
      '--category',
      'b',
      '--skills',
      'x',
      '--skills',
      'y,z',
      '--acceptance',
      'one',
      '--acceptance',
      'two',
    ]
    const { json } = tkt(words, { cwd: project.root })
    expect(json.warnings).toEqual(['--category was given more than once: the last value counts'])
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      category: 'b',
      skills: ['x', 'y', 'z'],
      acceptance_criteria: ['one', 'two'],
    })
  })
})

describe('a file of evidence', () => {
  const FILES: readonly (readonly [why: string, path: string, code: number, error: string, told: RegExp])[] =
    [
      ['that is missing', 'nowhere.txt', 3, 'FILE_NOT_FOUND', /nowhere\.txt/],
      ['that is a folder', 'folder', 5, 'FILE_UNREADABLE', /folder: it is a folder/],
      ['of 5 MB', 'large.txt', 5, 'FILE_UNREADABLE', /large\.txt.*5000000 bytes/],
      ['of 300 kB', 'long.txt', 2, 'INPUT_INVALID', /--evidence must be at most 200000 characters/],
      ['with NUL in it', 'binary', 2, 'INPUT_INVALID', /--evidence.*NUL/],
      ['that is empty', 'empty.txt', 5, 'EVIDENCE_REQUIRED', /without evidence/],
    ]
  test.each(FILES)('%s is refused', async (_, path, code, error, told) => {
    const project = await startBundle(1, {
      'large.txt': 'x'.repeat(5_000_000),
      'long.txt': 'x'.repeat(300_000),
      binary: 'a\0b',
      'empty.txt': '\n',
    })
    mkdirSync(join(project.root, 'folder'))
    for (const words of [['update', 'B-001', 'TKT-001', 'done']]) {
      const { json, ...ended } = refused(project, [...words, '--evidence-file', path])
      expect([ended.code, json.error]).toEqual([code, error])
      expect(json.message).toMatch(told)
    }
  })
})
