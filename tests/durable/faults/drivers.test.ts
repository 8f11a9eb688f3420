/** Sessions whose Node has a SQLite, and sessions whose Node has none, at one file at once. */
import { expect, test } from 'vitest'
import { preloadFile } from '../../faults/preload.ts'
import { crowd, race } from '../../faults/race.ts'
import { projectFolder } from '../../support/project.ts'
import { tkt } from '../../support/tkt.ts'

test(
  '6 of either kind make the file and claim 12 tickets: each gets another',
  { timeout: 120_000 },
  async () => {
    const cwd = projectFolder()
    const NODE_OPTIONS = preloadFile(new URL('without-sqlite.ts', import.meta.url)).join(' ')
    const both = async (words: (name: string) => readonly string[]) => {
      const commands = (kind: string) => crowd(6, (number) => words(`${kind}${number}`))
      const ended = await Promise.all([
        race(commands('own'), { cwd }),
        race(commands('library'), { cwd, env: { NODE_OPTIONS } }),
      ])
      for (const { code, stderr } of ended.flat()) expect([code, stderr]).toEqual([0, ''])
      return ended.flat().map(({ json }) => json)
    }
    await both((name) => ['intake-ticket', `TKT-${name}`, 'T', 'S'])
    const claimed = await both((name) => ['next-ticket', name])
    const keys = claimed.map(({ ticket }) => (ticket as { readonly ticket_id: string }).ticket_id)
    expect(new Set(keys).size).toBe(12)
    expect(tkt(['doctor'], { cwd }).json).toMatchObject({ healthy: true })
  },
)
