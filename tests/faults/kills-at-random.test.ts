/** `kill -9` at moments nobody chose, and what is left in the scratch folder. `npm run faults` is the long form. */
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBundle, type Project } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import { tkt } from '../support/tkt.ts'
import { killRandomly } from './kill-randomly.ts'

const KILLS = 60

test(
  'commands that run at once and are killed at random lose no change they acknowledged, and leave a sound store and no lock',
  { timeout: 180_000 },
  async () => {
    const report = await killRandomly({ kills: KILLS, seed: Date.now() % 1_000_000, folder: projectFolder() })
    expect(report).toMatchObject({ faults: [] })
    expect(report.kills).toBeGreaterThanOrEqual(KILLS)
    expect(report.acknowledged).toBeGreaterThan(0)
  },
)

test('what the killed left in the scratch folder goes with the next change after an hour; what is younger stays', async () => {
  const project = await startBundle(1)
  project.write({ '.tkt/tmp/1-old': 'x', '.tkt/tmp/2-old/bundle.yaml': 'x', '.tkt/tmp/3-young': 'x' })
  const longAgo = Date.now() / 1000 - 2 * 60 * 60
  for (const name of ['1-old', '2-old']) utimesSync(join(project.root, '.tkt/tmp', name), longAgo, longAgo)
  tkt(['claim', 'B-001', 'TKT-001', 'alice'], { cwd: project.root })
  expect(namesIn(project, 'tmp')).toEqual(['3-young'])
})

const namesIn = (project: Project, folder: string): readonly string[] =>
  project.has(`.tkt/${folder}`) ? readdirSync(join(project.root, '.tkt', folder)) : []
