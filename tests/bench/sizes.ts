/** The sizes that are promised: bytes of answers, whatever the store holds, and bytes of what is installed. Shared with a test. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './measure.ts'
import { act, addBundle, emptyStore, textOf } from './stores.ts'

export interface Size {
  readonly name: string
  readonly bytes: number
  readonly budget: number
}

const ROOT = join(import.meta.dirname, '../..')
export const ENTRY = join(ROOT, 'dist/tkt.cjs')

/** The answers of short commands in a large store, and the first pages of what can be long. `parent`: an empty folder. */
export async function answerSizes(
  parent: string,
  entry = ENTRY,
  node = process.execPath,
): Promise<readonly Size[]> {
  const world = await largeStore(parent)
  const bytesOf = (words: readonly string[]): number =>
    Buffer.byteLength(run({ program: node, args: [entry, ...words], cwd: world.cwd }).stdout)
  return ANSWERS.map(([budget, ...words]) => ({
    name: words.slice(0, 2).join(' '),
    bytes: bytesOf(words),
    budget,
  }))
}

const ANSWERS: readonly (readonly [budget: number, ...words: string[]])[] = [
  [1024, 'claim', 'B-001', 'TKT-001', 'alice'],
  [1024, 'update', 'B-001', 'TKT-001', 'in_progress', '--agent', 'alice'],
  [1024, 'add', 'B-001', textOf(200, 'One more'), '--depends-on', 'TKT-001,TKT-002'],
  [2048, 'status', 'B-001'],
  [2048, 'list'],
  [2048, 'express', 'list'],
  [2048, 'history'],
  [2048, 'history', 'B-001'],
]

/** 300 bundles, the first with 300 worker tickets, and 300 express tickets; all titles of 200 characters. */
async function largeStore(parent: string) {
  const world = await emptyStore(parent, 'large')
  await addBundle(world, LARGE, (number) => textOf(200, `Ticket ${number}`))
  for (let number = 2; number <= LARGE; number += 1)
    await act(world, 'create-bundle', { goal: textOf(200, `Bundle ${number}`) })
  for (let number = 1; number <= LARGE; number += 1)
    await act(world, 'express', {
      action: 'create',
      title: textOf(200, `Fix ${number}`),
      acceptance: ['It is seen'],
    })
  return world
}

const LARGE = 300

/** What is installed. SKILL.md counts in tokens, taken as four bytes each. */
export function installedSizes(): readonly Size[] {
  const code = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' }).filter(isCommandLine)
  const bytes = code.map((name) => readFileSync(join(ROOT, 'dist', name)).length)
  const skill = join(ROOT, 'SKILL.md')
  return [
    { name: 'dist/tkt.cjs', bytes: readFileSync(ENTRY).length, budget: 60 * 1024 },
    {
      name: 'dist/tkt.cjs + dist/tkt/*.cjs',
      bytes: bytes.reduce((sum, one) => sum + one, 0),
      budget: 600 * 1024,
    },
    ...(existsSync(skill) ? [{ name: 'SKILL.md', bytes: readFileSync(skill).length, budget: 4 * 3500 }] : []),
  ]
}

const isCommandLine = (name: string): boolean => /^tkt(\.cjs|[\\/][^\\/]+\.cjs)$/.test(name)
