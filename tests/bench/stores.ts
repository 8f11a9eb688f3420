/** Projects for the bench, each in a folder below `parent`: made by the operations themselves, inside this process. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, worldIn, type World } from '../support/operations.ts'

/** A project with a roadmap and nothing else. */
export async function emptyStore(parent: string, name: string): Promise<World> {
  const folder = join(parent, name)
  mkdirSync(folder, { recursive: true })
  const world = worldIn(folder)
  await act(world, 'init-roadmap', { project: name })
  return world
}

/** Adds a bundle of so many worker tickets (its two fixed ones come on top), as one plan. */
export async function addBundle(
  world: World,
  workers: number,
  titleOf: (number: number) => string = usualTitle,
): Promise<void> {
  const plan = writePlan(world, workers, titleOf)
  await act(world, 'create-bundle', { source_plan: plan })
}

/** Writes a plan of so many tickets into the project and returns its name. */
export function writePlan(world: World, tickets: number, titleOf = usualTitle): string {
  const name = `plan-${tickets}.md`
  const lines = Array.from({ length: tickets }, (_, index) => `- [ ] ${titleOf(index + 1)}\n${DETAILS}`)
  writeFileSync(join(world.cwd, name), `# A plan of ${tickets} tickets\n\n${lines.join('\n')}`)
  return name
}

const usualTitle = (number: number): string => `Ticket ${number}: count the hits of every short link`

const DETAILS = `  - acceptance: 50 parallel requests count 50
  - acceptance: the counter survives a restart of the service
  - effort: 2h
`

/** Runs one operation and throws when it is refused. */
export async function act(
  world: World,
  operation: string,
  raw: Readonly<Record<string, unknown>>,
): Promise<void> {
  const envelope = await run(world, operation, raw)
  if (!envelope.ok) throw new Error(`${operation}: ${envelope.message}`)
}

/** A text of exactly so many characters. */
export const textOf = (length: number, start: string): string => start.padEnd(length, ' and a word more')
