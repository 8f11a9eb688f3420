/** Whole projects: what a long note costs inside a process, and whether commands are as quick among many tickets as among few. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median, timeRounds, type Contender, type Rounds } from '../measure.ts'
import { act, emptyStore } from '../stores.ts'
import { storeTickets } from './supply.ts'

/** The median time in which so many new items of a note are taken in, each time in a new project on the embedded database. */
export async function timeRefresh(
  scratch: string,
  items: number,
  { pairs, warm_up }: Rounds,
): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < warm_up + pairs; round += 1) {
    const world = await emptyStore(mkdtempSync(join(scratch, 'note-')), 'refresh')
    const tasks = Array.from({ length: items }, (_, number) => `- Task ${number}: each redirect counts once`)
    mkdirSync(join(world.cwd, 'note'))
    writeFileSync(join(world.cwd, 'note/note_tasks.md'), ['### New', ...tasks, ''].join('\n'))
    const begun = performance.now()
    await act(world, 'refresh-new-tasks', {})
    if (round >= warm_up) times.push(performance.now() - begun)
  }
  return median(times)
}

export interface Flat {
  readonly scratch: string
  /** The command line, started by node. */
  readonly node: string
  readonly entry: string
}

/** The times of a command among few and among many tickets, in turns; its words differ from round to round. */
export async function timeAmong(
  { scratch, node, entry }: Flat,
  [few, many]: readonly [few: number, many: number],
  words: (round: number) => readonly string[],
  rounds: Rounds,
): Promise<readonly [few_ms: number, many_ms: number]> {
  const contenders = await Promise.all(
    [few, many].map(async (tickets): Promise<Contender> => {
      const cwd = await projectOf(scratch, tickets)
      return (round) => ({ program: node, args: [entry, ...words(round)], cwd })
    }),
  )
  const [of = [], own = []] = timeRounds(contenders, rounds)
  return [median(of), median(own)]
}

/** A project with so many open tickets, T-1 and so on. */
export async function projectOf(scratch: string, tickets: number): Promise<string> {
  const { cwd } = await emptyStore(mkdtempSync(join(scratch, 'project-')), `${tickets}`)
  const supply = await storeTickets(join(cwd, '.tkt/tickets.db'))
  await supply.add(1, tickets)
  await supply.settle()
  await supply.tidy()
  await supply.close()
  return cwd
}
