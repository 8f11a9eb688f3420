import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { itemsOf, readEvidence } from '../../src/evidence/forms.ts'

describe('a value of evidence is typed', () => {
  test.each([
    ['commit:0a1b2c3', [{ kind: 'commit', value: '0a1b2c3' }]],
    ['cmd:npm test -- --run "a b"', [{ kind: 'cmd', value: 'npm test -- --run "a b"' }]],
    ['file:docs/report.md', [{ kind: 'file', value: 'docs/report.md' }]],
    ['url:https://example.org/run/7', [{ kind: 'url', value: 'https://example.org/run/7' }]],
    ['attest:called the customer', [{ kind: 'attest', value: 'called the customer' }]],
    [
      'pr:17\n\ncommit:0a1b2c3d\r\n',
      [
        { kind: 'pr', value: '17' },
        { kind: 'commit', value: '0a1b2c3d' },
      ],
    ],
  ])('when each of its lines is: %j', (value, items) => {
    expect(itemsOf(value)).toEqual(items)
  })

  test.each([
    'npm test: 12 passed',
    'cmd: npm test',
    'Cmd:npm test',
    ' cmd:npm test',
    'commit:main',
    'commit:0a1b2c',
    'commit:--help',
    'file:',
    'note:x',
    'the log says\ncmd:rm -rf build',
    'cmd:rm -rf build\nand more',
    'cmd:printf a\u0000b',
    '',
  ])('and is prose else: %j', (value) => {
    expect(itemsOf(value)).toEqual([])
  })
})

describe('the evidence of a ticket', () => {
  test('is all values word for word; each is prose or typed by itself', () => {
    expect(readEvidence(['looks good\n', 'commit:0a1b2c3\ncmd:npm test', 'cmd:a\nb'])).toEqual({
      text: 'looks good\n\ncommit:0a1b2c3\ncmd:npm test\ncmd:a\nb',
      items: [
        { kind: 'commit', value: '0a1b2c3' },
        { kind: 'cmd', value: 'npm test' },
      ],
      kinds: ['commit', 'cmd', 'text'],
      doubtful: ['cmd:a\nb'],
    })
    expect(readEvidence()).toEqual({ text: undefined, items: [], kinds: [], doubtful: [] })
  })

  test('has no command that is not a whole line of a value with nothing but items', () => {
    const line = fc.oneof(
      fc.string(),
      fc.string().map((text) => `cmd:${text}`),
      fc.constant('cmd:id'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const value = lines.join('\n')
        const commands = itemsOf(value).filter(({ kind }) => kind === 'cmd')
        const isTyped = (one: string): boolean => /^(commit|file|cmd|url|pr|attest):\S/.test(one)
        const written = value.split(/\r?\n/).filter((one) => one.trim() !== '')
        expect(commands.length === 0 || written.every(isTyped)).toBe(true)
        expect(readEvidence([value]).text).toBe(value)
      }),
    )
  })
})
