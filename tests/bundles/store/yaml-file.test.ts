import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { expressDocument } from '../../../src/bundles/model/express.ts'
import { workerDocument } from '../../../src/bundles/model/ticket.ts'
import { largestBytes, readYamlFile } from '../../../src/bundles/store/yaml-source.ts'
import { renderDocument } from '../../../src/bundles/store/yaml-write.ts'
import { projectFolder, writeFiles } from '../../support/project.ts'
import { bundleId, expressId, NOW, ticketId } from '../model/make.ts'

/** What a file of this text holds, or why it cannot be read. */
function read(text: string): unknown {
  const folder = projectFolder({ 'x.yaml': text })
  const file = readYamlFile(join(folder, 'x.yaml'))
  return file?.ok === true ? file.value.value : file?.reason
}

describe('a new file', () => {
  test('is written in the published style', () => {
    const said = {
      title: 'Slugs',
      category: 'quick',
      effort_estimate: '30m',
      source_plan: 'plan.md',
      source_ticket_index: 2,
    }
    const worker = workerDocument(bundleId('B-001'), ticketId('TKT-001'), {
      ...said,
      wave: 1,
      skills: ['skill-system-tkt', 'skill-system-review'],
      depends_on: ['TKT-001', 'TKT-003'],
    })
    const express = expressDocument(expressId('EXP-001'), { ...said, acceptance: ['it works'] }, NOW)
    for (const text of [renderDocument(worker), renderDocument(express)]) {
      expect(text).toContain('\ncategory: "quick"\neffort_estimate: "30m"\n')
      expect(text).toContain('\nsource_plan: "plan.md"\nsource_ticket_index: 2\n')
      expect(text).toContain('\nclaimed_by: null\n')
    }
    expect(renderDocument(worker)).toContain('\ndepends_on:\n  - "TKT-001"\n  - "TKT-003"\n')
    expect(renderDocument(worker)).toContain(
      '\nskills:\n  - "skill-system-tkt"\n  - "skill-system-review"\nwave: 1\n',
    )
    expect(renderDocument(express)).toContain(`\ncreated_at: "${NOW}"\n`)
  })

  test('leaves out what is undefined', () => {
    expect(renderDocument({ a: 1, b: undefined, c: { d: undefined, e: null } })).toBe('a: 1\nc:\n  e: null\n')
  })

  test('has several lines of text as a block, and lines of any length whole', () => {
    expect(renderDocument({ a: 'one\n\n  two: #3\nthree', b: 'x '.repeat(200) })).toBe(
      `a: |-\n  one\n\n    two: #3\n  three\nb: "${'x '.repeat(200)}"\n`,
    )
  })

  test.each([
    'true',
    'no',
    'y',
    'on',
    'null',
    '~',
    '',
    '7',
    '1.5',
    '0x1f',
    '0o17',
    '017',
    '1_000',
    '1:30',
    '.inf',
    '-',
    '- a',
    'a: b',
    '# a',
    '[a]',
    '{a: b}',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%',
    '@',
    '`',
    '2026-03-01',
    NOW,
    '=',
    '<<',
    '"',
    "'",
    '\\',
    ' a',
    'a ',
    '\t',
    '---',
    '...',
  ])('keeps the text %j a text to readers of YAML 1.1 and 1.2', (text) => {
    const written = renderDocument({ a: text, list: [text], deep: { a: text } })
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(written, { version })).toEqual({ a: text, list: [text], deep: { a: text } })
  })
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '\n',
      ' ',
      '\t',
      '\r',
      'a',
      ':',
      '#',
      '-',
      '"',
      "'",
      '\\',
      '|',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\u007f',
      '\u0000',
      '\ud83d\ude00',
    ),
    maxLength: 40,
  }),
)

describe('any text at all', () => {
  test('comes back as it was, by YAML 1.2 and by 1.1', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const value = { a: text, list: [text, { b: text }] }
        const written = renderDocument(value)
        expect(parse(written)).toEqual(value)
        expect(parse(written, { version: '1.1' })).toEqual(value)
        expect(read(written)).toEqual(value)
      }),
    )
  })

  const hasPyYaml = spawnSync('python3', ['-c', 'import yaml']).status === 0
  test.runIf(hasPyYaml)('comes back as it was by PyYAML, which the published tool reads with', () => {
    const values = fc.sample(hostile, 500).filter((text) => !/\p{Surrogate}/u.test(text))
    const program =
      'import json, sys, yaml\nprint(json.dumps([yaml.safe_load(t)["a"] for t in json.load(sys.stdin)]))'
    const { stdout } = spawnSync('python3', ['-c', program], {
      input: JSON.stringify(values.map((text) => renderDocument({ a: text, status: 'open' }))),
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toEqual(values)
  })
})

describe('a file', () => {
  test('that is absent is no fault', () => {
    const folder = projectFolder({ 'a file': '' })
    expect(readYamlFile(join(folder, 'absent.yaml'))).toBeUndefined()
    expect(readYamlFile(join(folder, 'a file', 'below.yaml'))).toBeUndefined()
  })

  test.each([
    ['unindented lists and single quotes', "a:\n- 'b: c'\n- d\n", { a: ['b: c', 'd'] }],
    ['a folded text', "a: one\n  two\nb: 'x\n\n  y'\n", { a: 'one two', b: 'x\ny' }],
    ['a time without quotes', 'a: 2026-03-01T12:00:00Z\n', { a: NOW }],
    ['line ends of Windows', 'a: 1\r\nb:\r\n- x\r\n', { a: 1, b: ['x'] }],
    ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
    ['an alias', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
    ['nothing', '', null],
    ['comments only', '# a\n', null],
  ])('of another program is read: %s', (_title, text, value) => {
    expect(read(text)).toEqual(value)
  })

  test.each([
    [
      'a description that was not indented',
      'id: TKT-001\ndescription: |\n  one\ntwo\nstatus: open\n',
      /^line [45]: /,
    ],
    ['a quote that does not end', 'a: 1\nb: "c\n', /^line \d: /],
    ['a colon too many', 'a: 1\nb: c: d\n', /^line 2: /],
    ['a tab for a space', 'a:\n\tb: 1\n', /^line 2: /],
    ['a key that comes twice', 'a: 1\nb: 2\na: 3\n', /^line 3: /],
    ['two documents', 'a: 1\n---\na: 2\n', /^line 2: .*multiple documents/],
    ['an unknown alias', 'a: *x\n', /alias/i],
    ['an anchor that holds itself', 'a: &x\n  b: *x\n', /./],
  ])('that cannot be read says why, and where: %s', (_title, text, reason) => {
    const answer = read(text)
    expect(answer).toMatch(reason)
    expect(answer).not.toMatch(/\n/)
  })

  test('whose aliases multiply is refused at once', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 10; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      )
    expect(read(lines.join('\n'))).toMatch(/alias/i)
  }, 5000)

  test('in another encoding is refused, as an edit would change its characters', () => {
    const folder = projectFolder()
    writeFileSync(join(folder, 'latin.yaml'), Buffer.from('title: caf\u00e9\n', 'latin1'))
    writeFileSync(join(folder, 'replaced.yaml'), 'title: \ufffd\n')
    expect(readYamlFile(join(folder, 'latin.yaml'))).toEqual({ ok: false, reason: 'it is not UTF-8 text' })
    expect(readYamlFile(join(folder, 'replaced.yaml'))).toMatchObject({
      value: { value: { title: '\ufffd' } },
    })
  })

  test('that is none is told', () => {
    const folder = projectFolder()
    mkdirSync(join(folder, 'folder.yaml'))
    symlinkSync('circle.yaml', join(folder, 'circle.yaml'))
    writeFiles(folder, { 'large.yaml': 'a: 1\n' })
    truncateSync(join(folder, 'large.yaml'), largestBytes('large.yaml') + 1)
    expect(readYamlFile(join(folder, 'folder.yaml'))).toEqual({ ok: false, reason: 'it is a folder' })
    expect(readYamlFile(join(folder, 'circle.yaml'))).toMatchObject({ ok: false })
    expect(readYamlFile(join(folder, 'large.yaml'))).toEqual({
      ok: false,
      reason: 'too large: 4000001 bytes',
    })
  })
})
