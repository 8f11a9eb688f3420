/** People and other programs write into .tkt/ too: what they wrote is what the next command sees, whatever we remember. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'

const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'
const CACHE = '.tkt/cache/B-001.jsonl'

/** Each gives the file a new text in its own way; every text has the same size. */
const WAYS: readonly (readonly [string, (path: string, text: string) => void])[] = [
  [
    'in place',
    (path, text) => {
      writeFileSync(path, text)
    },
  ],
  [
    'by a new file',
    (path, text) => {
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    },
  ],
]

const TURNS = [
  ['claim', {}],
  ['update', { status: 'in_progress' }],
  ['update', { status: 'blocked', reason: 'waits' }],
] as const

const number = (round: number): string => String(round).padStart(2, '0')

describe.each(WAYS)('a title of the same length, written %s right after a command of ours', (_way, write) => {
  test('is seen by the next command, and kept by the one after it', async () => {
    const project = await startBundle(1)
    const path = join(project.root, TICKET)
    for (let round = 0; round < 30; round += 1) {
      const text = readFileSync(path, 'utf8').replace(
        /^title: .*$/m,
        `title: "round ${number(round)}" # by hand`,
      )
      write(path, text)
      expect(await project.ok('show', { bundle: 'B-001', ticket: 'TKT-001' })).toMatchObject({
        ticket: { title: `round ${number(round)}` },
      })
      const [name, change] = TURNS[round % TURNS.length] ?? ['claim', {}]
      await project.ok(name, { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice', ...change })
      expect(readFileSync(path, 'utf8')).toContain(`\ntitle: "round ${number(round)}" # by hand\n`)
    }
  })
})

describe('what is remembered of files', () => {
  test.each([
    [
      'gone',
      (path: string) => {
        rmSync(path)
      },
    ],
    [
      'half a line',
      (path: string) => {
        writeFileSync(path, readFileSync(path, 'utf8').slice(0, 200))
      },
    ],
    [
      'of another tree',
      (path: string) => {
        writeFileSync(
          path,
          readFileSync(path, 'utf8')
            .replaceAll(/,\d+\.?\d*,\d+,\{/g, ',1,2,{')
            .replaceAll('open', 'done'),
        )
      },
    ],
  ])('may be %s at any time', async (_title, harm) => {
    const project = await startBundle(2)
    const before = await project.ok('status', { bundle: 'B-001' })
    harm(join(project.root, CACHE))
    expect(await project.ok('status', { bundle: 'B-001' })).toEqual(before)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    expect(await project.ok('show', { bundle: 'B-001', ticket: 'TKT-001' })).toMatchObject({
      ticket: { status: 'claimed' },
    })
  })
})
