import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDurable } from './project.ts'

test('a note is read by the headings that the configuration names, also after these changed', async () => {
  const project = await startDurable(
    {},
    { 'note/note_tasks.md': '### New\n- One thing\n### Todo\n- Another\n', 'config/tkt.yaml': 'note: {}\n' },
  )
  const titles = async (): Promise<readonly unknown[]> => {
    await project.ok('refresh-new-tasks')
    const { tickets } = await project.ok('list-tickets')
    return (tickets as { readonly title: string }[]).map(({ title }) => title)
  }
  expect(await titles()).toEqual(['One thing'])
  writeFileSync(join(project.root, 'config/tkt.yaml'), 'note: { new_heading: Todo }\n')
  expect(await titles()).toEqual(['One thing', 'Another'])
  expect(await project.ok('intake-ticket', { from_note_tasks: true, dry_run: true })).toMatchObject({
    batch: { known_count: 1, ticket_count: 0 },
  })
})

test('startup-flow names the skills that the configuration names, else those of the published suite', async () => {
  const ownersOf = async (config: string): Promise<unknown> => {
    const project = await startDurable({}, { 'config/tkt.yaml': config })
    return (await project.ok('startup-flow', { session_id: 's1' })).startup_context
  }
  expect(await ownersOf('')).toMatchObject({
    ...{ workflow_owner: 'skill-system-tkt', review_owner: 'skill-system-review' },
    cockpit_owner: 'skill-system-cockpit',
  })
  expect(await ownersOf('owners: { review: our-review }\n')).toMatchObject({
    ...{ workflow_owner: 'skill-system-tkt', review_owner: 'our-review' },
  })
})
