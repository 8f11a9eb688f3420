import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { derivedFiles } from '../../scripts/derived-files.ts'
import { distFiles } from '../../scripts/dist-files.ts'
import { root } from './sources.ts'

const committed = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('what is generated is fresh (else: npm run build)', () => {
  test('files derived from the table', async () => {
    const stale = Object.entries(await derivedFiles()).filter(([path, text]) => committed(path) !== text)
    expect(stale.map(([path]) => path)).toEqual([])
  })

  test('dist/', async () => {
    const stale = Object.entries(await distFiles()).filter(
      ([path, text]) => committed(`dist/${path}`) !== text,
    )
    expect(stale.map(([path]) => path)).toEqual([])
  })

  test('skill.json stays small enough for loaders that pass it as one argument', () => {
    expect(Buffer.byteLength(committed('skill.json'))).toBeLessThanOrEqual(96 * 1024)
  })
})
