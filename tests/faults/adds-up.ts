/** Holds what commands answered against the store they leave: whoever only used commands has a store without a fault. */
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseEvent } from '../../src/bundles/model/history-event.ts'
import type { Fields, Project } from '../support/bundles.ts'
import type { Command } from './any-command.ts'
import { faultsIn, storeReader } from './sound-store.ts'

export interface Answered {
  readonly command: Command
  readonly json: Fields
}

/**
 * Expects that the history has a line for each change that was answered and no other, each move of a ticket its line, and
 * no claim the number of another; that the chain is whole, and nobody who looks the store over finds anything.
 * `before`: the lines from before these commands.
 */
export async function expectAddsUp(
  project: Project,
  answers: readonly Answered[],
  before: readonly string[],
): Promise<void> {
  for (const { command, json } of answers) expect([command.words, json.error]).not.toContain('INTERNAL')
  const told = answers.flatMap(({ command, json }) => (json.ok === true ? command.wrote(json) : []))
  const lines = linesOf(project)
  expect(lines.toSorted()).toEqual([...before, ...told].toSorted())
  const claims = lines.filter((line) => line.includes('_CLAIMED '))
  expect(claims).toHaveLength(new Set(claims).size)
  expectMoves(project, lines)
  const { status } = project.yaml('.tkt/bundles/B-001/bundle.yaml')
  if (status === 'closed') expect(project.yaml('.tkt/bundles/B-001/TKT-000.yaml').status).toBe('done')
  expect(await project.ok('history', { verify: true })).toMatchObject({ verified: true, unchained: 0 })
  expect(await project.ok('doctor')).toMatchObject({ healthy: true, findings: [] })
}

/** The lines of the history: the event, what it is about, and the number of a claim. */
export const linesOf = (project: Project): readonly string[] =>
  project
    .text('.tkt/history.log')
    .split('\n')
    .flatMap((line) => {
      const row = parseEvent(line)
      if (row === undefined) return []
      const { ticket, id, bundle, project: name, claim_no } = row.fields
      const about = ticket ?? id ?? bundle ?? name ?? ''
      return [
        row.event.endsWith('_CLAIMED') ? `${row.event} ${about} ${claim_no ?? ''}` : `${row.event} ${about}`,
      ]
    })

/** TKT-000 is moved by lines of its bundle as well. */
function expectMoves(project: Project, lines: readonly string[]): void {
  const files = storeReader(join(project.root, '.tkt'))()
  expect(faultsIn(files)).toEqual([])
  for (const [path, { value }] of files) {
    const { id, transition_log: log } = value as Fields
    if (log === undefined || id === 'TKT-000') continue
    const moves = lines.filter((line) => line.split(' ')[1] === id && MOVES.test(line))
    expect([path, moves]).toEqual([path, expect.objectContaining({ length: (log as unknown[]).length })])
  }
}

const MOVES = /^[A-Z]+_(CLAIMED|UPDATED|RELEASED|REOPENED) |^EXPRESS_CLOSED /
