import { describe, expect, test } from 'vitest'
import { drawable, drawableJson } from '../../../../src/surfaces/cli/views/drawable.ts'

describe('a text on a terminal', () => {
  test.each([
    ['an escape sequence', 'a\u001b[31mb\u001b[0m', 'ab'],
    ['an escape sequence inside another', 'a\u001b\u001b[0m[2Jb', 'a [2Jb'],
    ['a title of the window', 'a\u001b]0;b\u0007c', 'ac'],
    ['control characters', 'a\r\n\tb\u0085c', 'a b c'],
    ['directions', 'a\u202eb\u2066c\u2069d\u200fe\u061cf', 'a b c d e f'],
    ['zero width', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\u3164i', 'a b c d e f g h i'],
    ['letters of a tag', 'a\u{e0041}\u{e007f}b', 'a b'],
    ['a selector that selects no emoji', 'a\ufe0fb\u{e0100}c', 'a b c'],
    ['a joiner behind an emoji', '🎉\u200da', '🎉 a'],
  ])('is without %s', (_what, text, seen) => {
    expect(drawable(text)).toBe(seen)
  })

  test.each(['日本語', 'שלום', 'é e\u0301', '🎉', '👩🏽‍💻', '❤️‍🔥', '⚠️', '1️⃣', '🇩🇪'])('keeps %s', (text) => {
    expect(drawable(text)).toBe(text)
  })
})

test('a line of JSON says the same without drawing anything', () => {
  const line = JSON.stringify({ title: 'a\u202eb\u200b\u{e0041}c 🎉 é' })
  expect(drawableJson(line)).toBe('{"title":"a\\u202eb\\u200b\\udb40\\udc41c 🎉 é"}')
  expect(JSON.parse(drawableJson(line))).toEqual(JSON.parse(line))
})
