import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newTaskIds, publishedIds } from '../../../../src/durable/model/note/ids.ts'
import { readNote } from '../../../../src/durable/model/note/note.ts'

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

describe('ids of the published program', () => {
  test('are found for a line that stands where it stood', () => {
    const { new_items } = readNote(
      [
        '### New',
        '- a',
        '',
        '- <none>',
        '### TKT-5',
        'title: b',
        '#### more',
        '### New',
        '  - c',
        '1. d',
        '- [defer] e',
      ].join('\n'),
    )
    const found = new_items.flatMap((item) =>
      item.item_type === 'simple_task' ? [publishedIds(item.published, ['BATCH-1'])] : [],
    )
    const expected = ['1::a', '3::- c', '4::1. d', '5::[defer] e']
    expect(found).toHaveLength(expected.length)
    for (const [index, text] of expected.entries()) {
      expect(found[index]).toContain(sha1(`BATCH-1::${text}`))
      expect(found[index]).toContain(sha1(`NO_BATCH::${text}`))
    }
    expect(found[3]).toContain(sha1('BATCH-1::5::e'))
  })
})
