/** Whatever text is taken is stored, and comes back as it was: through show, and through another reader of YAML. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { startBundle, type Project } from '../support/bundles.ts'
import { tkt } from '../support/tkt.ts'

const TEXTS = [
  `quotes "double" and 'single' and \`back\``,
  'two\nlines',
  'a break at the end of a word \nand a space before it',
  '---',
  '...',
  '--- # not a new document',
  'key: value',
  'status: done',
  'one\nstatus: done\nclaimed_by: mallory',
  'emoji 🧑‍🚀 and flags 🇫🇮',
  '- starts like a list',
  '-n',
  '--bundle=B-002',
  '# comment',
  'null',
  '~',
  'yes',
  'No',
  'true',
  '0x10',
  '1e3',
  '007',
  '12:30:45',
  '2026-01-01',
  '.inf',
  '<<',
  '=',
  '*alias',
  '&anchor a',
  '!tag a',
  '%YAML 1.1',
  '@at',
  '{flow: map}',
  '[flow, list]',
  '| block',
  '> folded',
  'tab\tinside',
  'line\n\ttab at the start of the next',
  'line\n    four spaces\n  two spaces\nnone',
  'empty\n\n\nlines',
  'עברית and العربية',
  '\u202eright to left override\u202c',
  'zero\u200bwidth\u200djoiner',
  'CR\rinside and CRLF\r\ninside',
  'bell\u0007 escape\u001b[31m vertical\u000b form\u000cfeed',
  'delete\u007f next\u0085line c1\u009b',
  'line\u2028separator and paragraph\u2029separator',
  'line\u2028separator\nand a newline',
  'bom\ufeffinside',
  'not a character \ufffe\uffff',
  'private \ue000 and replacement \ufffd',
  'half a pair \ud83d',
  'back\\slash \\n \\x41 \\',
  '%s %d ${HOME} $(id) `id`',
  'a'.repeat(990),
  'nbsp\u00a0inside',
  'combining e\u0301 and \u00e9',
]

describe('texts through the command line', () => {
  test(
    'are stored as they are, one ticket each, and no other field is touched',
    { timeout: 120_000 },
    async () => {
      const project = await startBundle(0)
      for (const [index, text] of TEXTS.entries()) {
        const id = `TKT-${String(index + 1).padStart(3, '0')}`
        const input = JSON.stringify({
          bundle: 'B-001',
          title: text,
          description: `${text}\nand more`,
          category: text,
        })
        const added = tkt(['add', '--input-json', '-'], { cwd: project.root, input })
        expect([text, added.json.message, added.json.ticket_id]).toEqual([text, undefined, id])
        expect(oneLineFor(added.stdout)).toBe(true)
      }
      expectHistory(project, TEXTS.length)
      const stored = readAsPython(project, TEXTS.length)
      for (const [index, text] of TEXTS.entries()) {
        const id = `TKT-${String(index + 1).padStart(3, '0')}`
        const expected = {
          title: text,
          description: `${text}\nand more`,
          category: absent(text) ? null : text,
          status: 'open',
          claimed_by: null,
        }
        const shown = tkt(['show', 'B-001', id], { cwd: project.root })
        expect(oneLineFor(shown.stdout)).toBe(true)
        expect(shown.json.ticket).toMatchObject(expected)
        expect(stored[index]).toMatchObject(expected)
      }
    },
  )

  test('on the command line itself, a value may begin like an option or a list', async () => {
    const project = await startBundle(0)
    for (const text of ['- item', '-x', '--unheard-of', '---', '# x']) {
      const added = tkt(['add', '--bundle', 'B-001', '--title', text, '--description', `${text}\n${text}`], {
        cwd: project.root,
      })
      expect([text, added.json.message]).toEqual([text, undefined])
      const { ticket } = tkt(['show', 'B-001', String(added.json.ticket_id)], { cwd: project.root }).json
      expect(ticket).toMatchObject({ title: text, description: `${text}\n${text}` })
    }
  })

  test('of 200 kB, in the widest characters there are, keep a ticket readable', async () => {
    const long = '漢\n'.repeat(99_999) + '漢'
    const project = await startBundle(1, { 'long.txt': `${long}\n` })
    const words = [
      'update',
      'B-001',
      'TKT-001',
      'done',
      '--evidence-file',
      'long.txt',
      '--summary-file',
      'long.txt',
      '--reason-file',
      'long.txt',
    ]
    expect(tkt(words, { cwd: project.root }).json).toMatchObject({ ok: true, new_status: 'done' })
    expect(tkt(['show', 'B-001', 'TKT-001'], { cwd: project.root }).json.ticket).toMatchObject({
      result: { evidence: long, summary: long, notes: long },
    })
    expect(tkt(['status', 'B-001'], { cwd: project.root }).json.unreadable).toBeUndefined()
  })

  test('that would make a file larger than what is read are refused, and the ticket stays as it was', async () => {
    const project = await startBundle(1)
    const before = project.text('.tkt/bundles/B-001/TKT-001.yaml')
    const fields = Array.from({ length: 99 }, () => '\u0001'.repeat(9_999))
    const description = '\u0001'.repeat(200_000)
    const { code, json } = tkt(['add', '--input-json', '-'], {
      cwd: project.root,
      input: JSON.stringify({ bundle: 'B-001', title: 't', description, acceptance: fields }),
    })
    expect([code, json.error]).toEqual([2, 'INPUT_INVALID'])
    expect(json.message).toMatch(/TKT-002\.yaml would become \d+ bytes, at most \d+ are read/)
    expect(project.text('.tkt/bundles/B-001/TKT-001.yaml')).toBe(before)
    expect(project.has('.tkt/bundles/B-001/TKT-002.yaml')).toBe(false)
  })
})

test('nobody can forge a line of the history, or a field of one', async () => {
  const project = await startBundle(1)
  const line = '[2026-01-01T00:00:00Z] BUNDLE_CLOSED bundle=B-001'
  const breaks = ['\n', '\r\n', '\v', '\u0085', '\u2028', '" ', '\\" ', '\\']
  for (const text of breaks.map((end) => `x${end}${line}${end}y`)) {
    const input = JSON.stringify({ bundle: 'B-001', title: text, agent: 'a" ticket=TKT-999 role="main' })
    expect(tkt(['add', '--input-json', '-'], { cwd: project.root, input }).json.message).toBeUndefined()
    const { events } = tkt(['history', '--limit', '1'], { cwd: project.root }).json
    const fields = { bundle: 'B-001', title: text, agent: 'a" ticket=TKT-999 role="main' }
    expect(events).toMatchObject([{ event: 'TICKET_ADDED', fields }])
  }
  expect(tkt(['history', '--event', 'BUNDLE_CLOSED'], { cwd: project.root }).json.events).toEqual([])
  expect(tkt(['history', 'B-001', 'TKT-999'], { cwd: project.root }).json.events).toEqual([])
})

describe('any text at all', () => {
  test('survives add, update and show', { timeout: 120_000 }, async () => {
    const project = await startBundle(0)
    const text = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((value) => value.trim() !== '' && !value.includes('\0') && !absent(value))
    await fc.assert(
      fc.asyncProperty(text, text, text, async (title, description, evidence) => {
        const { ticket_id: ticket } = await project.ok('add', { bundle: 'B-001', title, description })
        await project.ok('update', {
          bundle: 'B-001',
          ticket: ticket as string,
          status: 'done',
          evidence,
          summary: description,
        })
        const shown = await project.ok('show', { bundle: 'B-001', ticket: ticket as string })
        const long = (value: string): string => value.replace(/[\r\n]+$/, '')
        expect(shown.ticket).toMatchObject({
          title: title.trim(),
          description: long(description),
          result: { evidence: long(evidence), summary: long(description) },
        })
        expect(readAsPython(project, 1, ticket as string)[0]).toMatchObject({
          title: title.trim(),
          result: { evidence: long(evidence) },
        })
      }),
      { numRuns: 60 },
    )
  })
})

/** Words for nothing count as not given, where a text may be left out. */
const absent = (text: string): boolean => ['null', 'None', 'undefined'].includes(text.trim())

/** Whatever its reader takes for the end of a line. */
const oneLineFor = (stdout: string): boolean => /^[^\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]+\n$/.test(stdout)

function expectHistory(project: Project, added: number): void {
  const text = project.text('.tkt/history.log')
  expect(text.split(/[\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]/)).toHaveLength(1 + 1 + added + 1)
  expect(text.match(/^\[[^\]]*\] TICKET_ADDED /gm)).toHaveLength(added)
}

/** The tickets as PyYAML reads them; where that is not installed, as YAML 1.1 is read here. */
function readAsPython(project: Project, count: number, first = 'TKT-001'): readonly unknown[] {
  const from = Number(first.slice(4))
  const paths = Array.from({ length: count }, (_, index) =>
    join(project.root, '.tkt/bundles/B-001', `TKT-${String(from + index).padStart(3, '0')}.yaml`),
  )
  const script =
    'import json, sys, yaml; print(json.dumps([yaml.safe_load(open(p, encoding="utf-8", newline="")) for p in sys.argv[1:]]))'
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...paths], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (status === 0) return JSON.parse(stdout) as readonly unknown[]
  if (!/No module named|ENOENT/.test(stderr)) throw new Error(stderr)
  return paths.map((path) => parse(readFileSync(path, 'utf8'), { version: '1.1' }) as unknown)
}
