import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import * as short from '../../scripts/short-emoji-regex.ts'

const shortRegex = short['module.exports']

/** The one that string-width has. */
const emojiRegex = createRequire(createRequire(import.meta.url).resolve('string-width'))(
  'emoji-regex',
) as () => RegExp

/** One column wide where no selector stands behind them; the library's list has them as two. */
const TEXT_BY_DEFAULT = ['☝', '⛹', '✌', '✍', '🏋', '🏌', '🕴', '🕵', '🖐']

describe('what takes the place of emoji-regex in dist/', () => {
  test.each([
    ['a family', '👨‍👩‍👧‍👦'],
    ['a couple with colours of skin', '👩🏽‍❤️‍💋‍👨🏻'],
    ['a flag of two letters', '🇩🇪'],
    ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['a flag of two signs', '🏳️‍🌈'],
    ['a key', '1️⃣'],
    ['a sign with a selector', '✔️'],
    ['a hand with a colour', '👍🏽'],
    ['a face of Unicode 14', '🫡'],
  ])('takes %s for one', (_, emoji) => {
    expect(`a${emoji}b${emoji}`.replace(shortRegex(), '*')).toBe('a*b*')
  })

  test('knows every single character that the library knows, and leaves texts alone', () => {
    const missed: string[] = []
    for (let code = 0; code < 0x110000; code += 1) {
      const character = String.fromCodePoint(code)
      if (emojiRegex().test(character) && !shortRegex().test(character)) missed.push(character)
    }
    expect(missed).toEqual(TEXT_BY_DEFAULT)
    expect('# 5 ✔ ☺ © ab'.match(shortRegex())).toBeNull()
  })
})
