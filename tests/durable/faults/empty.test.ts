/** Every operation of this engine in a project that has nothing: one line of JSON, a known exit code, no fault of ours. */
import { describe, expect, test } from 'vitest'
import { registry } from '../../../src/registry.ts'
import { projectFolder } from '../../support/project.ts'
import { tkt } from '../../support/tkt.ts'

const PROJECTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['no file at all', {}],
  ['an empty configuration and an empty note', { 'config/tkt.yaml': '', 'note/note_tasks.md': '' }],
]

const names = registry.filter(({ family }) => family === 'durable').map(({ cli }) => cli)

/** What an operation needs to be asked anything. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  db: ['status'],
  import: ['--from', 'agent_tasks'],
  'intake-ticket': ['--from-note-tasks'],
}

describe.each(PROJECTS)('with %s', (_what, files) => {
  test.each(names)('%s', (name) => {
    const cwd = projectFolder(files)
    const words = NEEDED[name] ?? ['--session-id', 's1']
    for (const given of [words, ['TKT-1', ...words]]) {
      const { code, stdout, stderr, json } = tkt([name, ...given], { cwd })
      expect(stdout.trimEnd().split('\n')).toHaveLength(1)
      expect([0, 2, 3, 4, 5, 6]).toContain(code)
      expect(json.ok).toBe(code === 0)
      expect([json.error, stderr]).not.toContain('INTERNAL')
    }
  })
})
