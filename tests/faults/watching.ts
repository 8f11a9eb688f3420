/** Runs commands that write while others read. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Project } from '../support/bundles.ts'
import type { Ended } from '../support/tkt.ts'
import { race } from './race.ts'
import { WHOLE_LINE } from './sound-store.ts'

const READERS = [['list'], ['status', 'B-001'], ['roadmap-status'], ['history'], ['express', 'list']]

/** Runs the commands while others read; nobody may fail to read, and no file may ever be torn. */
export async function watched(
  project: Project,
  commands: readonly (readonly string[])[],
): Promise<readonly Ended[]> {
  const reader = fork(join(import.meta.dirname, 'watch-files.ts'), [join(project.root, '.tkt')])
  await once(reader, 'message')
  const answers = await race([...commands, ...READERS], project.root)
  reader.send('stop')
  const [report] = (await once(reader, 'message')) as [
    { readonly reads: number; readonly faults: readonly string[] },
  ]
  expect(report.faults).toEqual([])
  expect(report.reads).toBeGreaterThan(0)
  for (const { code, json } of answers.slice(commands.length))
    expect([code, json.unreadable]).toEqual([0, undefined])
  await expectWholeHistory(project)
  return answers.slice(0, commands.length)
}

/** No line of the history is torn, mixed with another or out of the chain. */
export async function expectWholeHistory(project: Project): Promise<void> {
  const lines = project.text('.tkt/history.log').split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.filter((line) => !WHOLE_LINE.test(line))).toEqual([])
  expect(await project.ok('history', { verify: true })).toMatchObject({ verified: true, unchained: 0 })
}
