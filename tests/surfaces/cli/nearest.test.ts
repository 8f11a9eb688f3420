import { describe, expect, test } from 'vitest'
import { nearest } from '../../../src/surfaces/cli/nearest.ts'

const WORDS = ['claim', 'close', 'list', 'create-bundle', 'roadmap-status', 'add']

describe('the word that was probably meant', () => {
  test.each([
    ['the word itself', 'claim', 'claim'],
    ['one letter is wrong', 'clain', 'claim'],
    ['one is missing', 'clos', 'close'],
    ['one is too many', 'llist', 'list'],
    ['two are exchanged', 'lsit', 'list'],
    ['a long word may have more faults', 'craete-bndle', 'create-bundle'],
    ['a long word is cut short', 'roadmap-st', 'roadmap-status'],
  ])('is found when %s', (_title, word, meant) => {
    expect(nearest(word, WORDS)).toBe(meant)
  })

  test.each([
    ['nothing is near', 'frobnicate', WORDS],
    ['the word is empty', '', WORDS],
    ['a short word has no letter of it', 'xy', ['db', 'list']],
    ['there are no words', 'claim', []],
    ['the word is a page long', 'claim'.repeat(100_000), WORDS],
  ])('is not guessed when %s', (_title, word, words) => {
    expect(nearest(word, words)).toBeUndefined()
  })

  test('is the first of those that are as near', () => {
    expect(nearest('clxxe', ['clabe', 'close'])).toBe('clabe')
  })
})
