import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBundles } from '../../../../src/bundles/context.ts'
import { closeBundle } from '../../../../src/bundles/operations/close-bundle.ts'
import { finishAll, startBundle, type Fields, type Project } from '../../../support/bundles.ts'
import { hasPython } from '../../../support/published.ts'

async function ready(): Promise<Project> {
  const project = await startBundle(1)
  await finishAll(project)
  return project
}

describe.skipIf(!hasPython)('the memory skill', () => {
  test.each([
    [
      'stored',
      'import sys\nopen("told", "w").write(" ".join(sys.argv[1:]))\n',
      /^store .*--title B-001 closed: Ship it/,
    ],
    ['not stored: exit code 1', 'open("told", "w").write("x")\nraise SystemExit(1)\n', /x/],
  ])('is told of the close, and its failure is no failure of ours: %s', async (memory, script, told) => {
    const project = await ready()
    project.write({ 'skills/skill-system-memory/scripts/mem.py': script })
    expect(await closeFrom(join(project.root, 'skills/tkt'), project)).toMatchObject({ closed: true, memory })
    expect(project.text('told')).toMatch(told)
  })

  test('is left alone with --no-memory', async () => {
    const project = await ready()
    project.write({ 'skills/skill-system-memory/scripts/mem.py': 'open("told", "w")\n' })
    expect(
      await closeFrom(join(project.root, 'skills/tkt'), project, { no_memory: true }),
    ).not.toHaveProperty('memory')
    expect(project.has('told')).toBe(false)
  })
})

/** Closes as a program that is installed in that folder. */
async function closeFrom(skillFolder: string, project: Project, raw: Fields = {}): Promise<unknown> {
  const surroundings = {
    cwd: project.root,
    environment: project.world.environment,
    skillFolder,
    now: () => project.world.now,
    systemUser: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    checkDatabase: async () => [],
    durableEvents: async () => ({ events: [], total: 0 }),
    ticketWorktrees: { tell: async () => [], prune: async () => [] },
  }
  return closeBundle.run({ bundle: 'B-001' as never, ...raw }, openBundles(surroundings, project.root))
}
