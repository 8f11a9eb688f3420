import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newTaskIds } from '../../../../src/durable/model/note/ids.ts'

const sha1 = (text: string): string =>
  `TKT-NEW-${createHash('sha1').update(text).digest('hex').slice(0, 8).toUpperCase()}`

describe('ids made from words', () => {
  test('are the first eight digits of SHA-1, with a number from the second equal text on', () => {
    expect(newTaskIds(['Café  au lait', 'café au lait', 'x'])).toEqual(
      ['café au lait', 'café au lait#2', 'x'].map(sha1),
    )
  })

  test('differ even where the digits are the same', () => {
    // Found by search.
    const [one, other] = ['task 62319', 'task 92864'] as const
    expect(sha1(one)).toBe(sha1(other))
    expect(newTaskIds([one, other])).toEqual([sha1(one), sha1(`${other}#2`)])
  })
})
