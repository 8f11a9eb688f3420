import { describe, expect, test } from 'vitest'
import { sidesOf } from '../../../src/bundles/model/merge-sides.ts'

describe('the two sides of a file that git left to people', () => {
  test('have the lines of both, and each its own', () => {
    expect(sidesOf('id: 1\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> left\nend\n')).toEqual({
      ours: 'id: 1\ntitle: a\nend\n',
      theirs: 'id: 1\ntitle: b\nend\n',
    })
  })

  test('are told apart in several places, with empty sides, with the lines of before, and by the line ends of Windows', () => {
    const text =
      '<<<<<<< HEAD\r\na\r\n||||||| 12ab\r\nold\r\n=======\r\n>>>>>>> b\r\nmid\r\n<<<<<<< HEAD\r\n=======\r\nb\r\n>>>>>>> b'
    expect(sidesOf(text)).toEqual({ ours: 'a\r\nmid\r\n', theirs: 'mid\r\nb\r\n' })
  })

  test.each([
    ['', 'nothing'],
    ['title: x\n=======\n', 'a line of equal signs'],
    ['text: |\n  <<<<<<< HEAD\n  a\n  =======\n  b\n  >>>>>>> left\n', 'markers that a text quotes'],
    ['<<<<<<< HEAD\na\n=======\nb\n', 'half a set of markers'],
  ])('are not in %j: %s', (text) => {
    expect(sidesOf(text)).toBeUndefined()
  })
})
