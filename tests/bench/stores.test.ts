import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { World } from '../support/operations.ts'
import { treeOf } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import { act, addBundle, addFinishedBundle, emptyStore, repeatBundle } from './stores.ts'

/** Every file of the project, and the history, which is in the tree as a sum only. */
const filesOf = ({ cwd }: World) => [readFileSync(join(cwd, '.tkt/history.log'), 'utf8'), treeOf(cwd)]

test.each<readonly [string, (world: World, bundle: string) => Promise<void>]>([
  ['fresh', (world) => addBundle(world, 3)],
  ['finished', (world) => addFinishedBundle(world, 3)],
  [
    'closed',
    async (world, bundle) => {
      await addFinishedBundle(world, 3)
      await act(world, 'close-bundle', { bundle, agent: 'carol' })
    },
  ],
])('a repeated bundle that is %s is byte for byte what the operations leave', async (_title, make) => {
  const parent = projectFolder()
  const made = await emptyStore(join(parent, 'made'), 'store')
  const repeated = await emptyStore(join(parent, 'repeated'), 'store')
  for (const bundle of ['B-001', 'B-002', 'B-003']) await make(made, bundle)
  await make(repeated, 'B-001')
  repeatBundle(repeated, 'B-001', ['B-002', 'B-003'])
  expect(filesOf(repeated)).toEqual(filesOf(made))
})
