import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBundle } from '../../support/bundles.ts'

test('an id that was given stays given when git takes its file away, as on going to another branch', async () => {
  const project = await startBundle(2)
  await project.ok('create-bundle', { goal: 'Second' })
  await project.ok('express', { title: 'Small', acceptance: 'done' })
  for (const path of ['bundles/B-001/TKT-002.yaml', 'bundles/B-002', 'express/EXP-001.yaml'])
    rmSync(join(project.root, '.tkt', path), { recursive: true })
  expect(await project.ok('add', { bundle: 'B-001', title: 'x' })).toMatchObject({ ticket_id: 'TKT-003' })
  expect(await project.ok('create-bundle', { goal: 'x' })).toMatchObject({ bundle_id: 'B-003' })
  expect(await project.ok('express', { title: 'x', acceptance: 'y' })).toMatchObject({ ticket_id: 'EXP-002' })
})

test('without the cache the greatest id in use counts', async () => {
  const project = await startBundle(2)
  for (const path of ['bundles/B-001/TKT-002.yaml', 'cache'])
    rmSync(join(project.root, '.tkt', path), { recursive: true })
  expect(await project.ok('add', { bundle: 'B-001', title: 'x' })).toMatchObject({ ticket_id: 'TKT-002' })
})
