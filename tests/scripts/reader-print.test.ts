import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readerPrint } from '../../scripts/reader-print.ts'

/** The print where one file of ours is another. */
const printWithout = (file: string): string =>
  readerPrint((path) => (path.endsWith(file) ? '' : readFileSync(path, 'utf8')))

test.each([
  'bundles/model/ticket.ts',
  'bundles/model/raw.ts',
  'bundles/model/glance.ts',
  'evidence/record.ts',
])('a cache written by a program with another %s is known as such', (file) => {
  expect(printWithout(file)).not.toBe(readerPrint())
})

test('what the reading of files has no part in is none of it', () => {
  expect(printWithout('bundles/operations/next.ts')).toBe(readerPrint())
})
