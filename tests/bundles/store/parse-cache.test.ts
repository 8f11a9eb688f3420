import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openParseCache } from '../../../src/bundles/store/parse-cache.ts'
import { stampOf, type Stamp } from '../../../src/system/files.ts'
import { projectFolder } from '../../support/project.ts'

function makeCache() {
  const root = projectFolder({ 'B-001/TKT-001.yaml': 'a: 1\n' })
  const path = join(root, 'cache/B-001.jsonl')
  const file = join(root, 'B-001/TKT-001.yaml')
  const open = () => openParseCache({ path, folder: join(root, 'B-001'), scratch: join(root, 'tmp') })
  const remember = (value: unknown, at = file): void => {
    const cache = open()
    cache.remember(at, stamp(), value)
    cache.save()
  }
  const stamp = (): Stamp => stampOf(file) ?? { size: 0, mtime_ms: 0, inode: 0 }
  return { root, path, file, open, remember, stamp, recall: () => open().recall(file, stamp()) }
}

describe('what a file held', () => {
  test('is known to the next command, the newest first', () => {
    const { remember, recall } = makeCache()
    expect(recall()).toBeUndefined()
    remember({ a: 1, text: 'é "quoted"\nline' })
    expect(recall()).toEqual({ a: 1, text: 'é "quoted"\nline' })
    remember({ a: 2 })
    expect(recall()).toEqual({ a: 2 })
  })

  test.each<readonly [string, (file: string) => void]>([
    [
      'another text of the same size in the same file',
      (file) => {
        writeFileSync(file, 'a: 2\n')
      },
    ],
    [
      'another size, with the old time put back',
      (file) => {
        const { mtime } = statSync(file)
        writeFileSync(file, 'a: 10\n')
        utimesSync(file, mtime, mtime)
      },
    ],
  ])('is forgotten when it has %s', (_title, change) => {
    const { file, remember, recall } = makeCache()
    remember({ a: 1 })
    change(file)
    expect(recall()).toBeUndefined()
  })

  test('is not kept when JSON would change it', () => {
    const { remember, recall, path } = makeCache()
    remember({ a: Number.NaN })
    remember({ a: 10n })
    expect(recall()).toBeUndefined()
    expect(existsSync(path)).toBe(false)
  })
})

describe('the file of a cache', () => {
  test('is kept out of git by its own folder', () => {
    const { root, remember } = makeCache()
    remember({ a: 1 })
    expect(readFileSync(join(root, 'cache/.gitignore'), 'utf8')).toMatch(/^\*$/m)
  })

  test.each([
    ['half a line', '["TKT-001.yaml",5,1'],
    ['no JSON', '["TKT-001.yaml", oh\n'],
    ['nonsense', '\u0000\u0000\n{}\n[]\n["'],
  ])('may hold %s', (_title, text) => {
    const { path, root, remember, recall } = makeCache()
    mkdirSync(join(root, 'cache'))
    writeFileSync(path, text)
    expect(recall()).toBeUndefined()
    remember({ a: 1 })
    expect(recall()).toEqual({ a: 1 })
  })

  test('may be a folder, where nothing can be written', () => {
    const { path, remember, recall } = makeCache()
    mkdirSync(path, { recursive: true })
    remember({ a: 1 })
    expect(recall()).toBeUndefined()
  })

  test('may be long: each name is found in it, the newest line of it, and one that it has not is not', () => {
    const { path, root, open, stamp } = makeCache()
    const fileOf = (number: number): string => join(root, `B-001/TKT-${number}.yaml`)
    const cache = open()
    for (let number = 0; number < 600; number += 1)
      cache.remember(fileOf(number), stamp(), { number, text: 'x'.repeat(1000) })
    cache.remember(fileOf(599), stamp(), { number: 'newer' })
    cache.save()
    for (const number of [0, 59, 60, 240, 300, 598])
      expect(open().recall(fileOf(number), stamp())).toMatchObject({ number })
    expect(open().recall(fileOf(599), stamp())).toEqual({ number: 'newer' })
    expect(open().recall(fileOf(600), stamp())).toBeUndefined()
    const places = [0, 1, 598].map((number) => readFileSync(path, 'utf8').indexOf(`["TKT-${number}.yaml"`))
    expect(places).toEqual(places.toSorted((one, other) => other - one)) // the first is found first, from the end
    const again = open()
    for (let number = 0; number < 599; number += 1)
      expect(again.recall(fileOf(number), stamp())).toMatchObject({ number })
  })

  test('does not grow without end', () => {
    const { path, open, file, stamp, recall } = makeCache()
    for (let round = 0; round < 400; round += 1) {
      const cache = open()
      cache.recall(file, stamp())
      cache.remember(file, stamp(), { round, text: 'x'.repeat(1000) })
      cache.save()
    }
    expect(statSync(path).size).toBeLessThan(100_000)
    expect(recall()).toMatchObject({ round: 399 })
  })
})
