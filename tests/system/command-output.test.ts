import { describe, expect, test } from 'vitest'
import { listenToOutput } from '../../src/system/command-output.ts'

describe('the tail', () => {
  test('of 4,000 characters is not cut, of one more it is', () => {
    expect(tailOf('x'.repeat(4000))).toBe('x'.repeat(4000))
    expect(tailOf(`a${'x'.repeat(4000)}`)).toBe(`…${'x'.repeat(4000)}`)
    expect(tailOf(`a${'x'.repeat(90_000)}`)).toBe(`…${'x'.repeat(4000)}`)
  })

  test.each(['', 'a', 'ab', 'abc'])('never begins inside a character (lead %j)', (lead) => {
    expect(tailOf(`${lead}${'🎫'.repeat(5000)}ü`)).toBe(`…${'🎫'.repeat(1999)}ü`)
  })

  test('has replacement characters for bytes that are no UTF-8 and for control characters', () => {
    const bytes = Buffer.from('a\xffb\0c\x1b[1md\ttab\r\nline\rend\x7f', 'latin1')
    expect(tailOf(bytes)).toBe('a\uFFFDb\uFFFDc\uFFFD[1md\ttab\nline\uFFFDend\uFFFD')
    expect(tailOf('\u0085\uFFFE\uFFFF')).toBe('\uFFFD\uFFFD\uFFFD')
  })

  test('is the same however the bytes are cut into chunks', () => {
    const bytes = Buffer.from('über 🎫 '.repeat(3000))
    for (const size of [1, 2, 3, 7, 4096, 16_000, 16_001]) expect(tailOf(bytes, size)).toBe(tailOf(bytes))
  })
})

describe('find', () => {
  test.each<[string, readonly string[], readonly string[], string, boolean]>([
    ['in stdout', ['all 12 tests passed'], [], '12 tests', true],
    ['in stderr', [], ['all 12 tests passed'], '12 tests', true],
    ['across three chunks', ['aa', 'b', 'cc'], [], 'abc', true],
    ['across many tiny chunks', Array.from('a needle in hay'), [], 'needle', true],
    ['one character', ['abc'], [], 'b', true],
    ['across the streams', ['x left'], ['right x'], 'leftright', true],
    ['across the streams, both tiny', ['l', 'eft'], ['r', 'ight'], 'leftright', true],
    ['across the streams, one character of stdout', ['left'], ['right'], 'tright', true],
    ['not the streams the other way round', ['left'], ['right'], 'rightleft', false],
    ['absent', ['abc'], ['abc'], 'abd', false],
    ['longer than all output', ['abc'], [], 'abcabc', false],
    ['nothing', [], [], '', true],
    ['far before the kept tail', ['needle', ' '.repeat(50_000)], [], 'needle ', true],
  ])('%s', (_title, stdout, stderr, find, contains) => {
    const output = listenToOutput(find)
    // The streams arrive in any order: what counts is stdout followed by stderr.
    for (const chunk of stderr) output.stderr.take(Buffer.from(chunk))
    for (const chunk of stdout) output.stdout.take(Buffer.from(chunk))
    expect(output.contains()).toBe(contains)
  })

  test('a character cut by a chunk border is found', () => {
    const output = listenToOutput('ü')
    output.stdout.take(Uint8Array.of(0xc3))
    output.stdout.take(Uint8Array.of(0xbc))
    expect(output.contains()).toBe(true)
  })

  test('holds when no text is asked for', () => {
    expect(listenToOutput(undefined).contains()).toBe(true)
  })
})

function tailOf(text: string | Buffer, chunkSize = 65_536): string {
  const { stdout } = listenToOutput(undefined)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += chunkSize) stdout.take(bytes.subarray(at, at + chunkSize))
  expect(stdout.bytes()).toBe(bytes.length)
  return stdout.tail()
}
