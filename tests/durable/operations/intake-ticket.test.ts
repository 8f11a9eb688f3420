import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitProject, git } from '../../support/project.ts'
import { run, worldIn } from '../../support/operations.ts'
import { startDurable } from './project.ts'

const TICKET = { ticket_id: 'TKT-1', title: 'T', summary: 'S' }

describe('intake-ticket', () => {
  test('takes in what it is told, and leaves what is known as it is', async () => {
    const project = await startDurable()
    const more = { batch_id: 'BATCH-5', queue_order: '3', priority: '10', wave: '2', depends_on: 'TKT-7' }
    const first = await project.ok('intake-ticket', { ...TICKET, ...more, ticket_type: 'INTEGRATOR' })
    expect(first).toMatchObject({
      created: true,
      ticket: {
        ...{
          ticket_id: 'TKT-1',
          status: 'OPEN',
          ticket_type: 'INTEGRATOR',
          batch_id: 'BATCH-5',
          queue_order: 3,
        },
        ...{ priority: 10, wave: 2, depends_on: ['TKT-7'], source: 'manual', task_provenance: 'workflow' },
      },
    })
    const again = await project.ok('intake-ticket', { ...TICKET, title: 'other' })
    expect(again).toEqual({ ...first, created: false })
  })

  test('warns of tickets that wait for each other, also in the note', async () => {
    const project = await startDurable({ 'TKT-1': { depends_on: 'TKT-1,TKT-2' } })
    const warned = async (id: string, more: Readonly<Record<string, string>>) =>
      (await project.ok('intake-ticket', { ...TICKET, ticket_id: id, ...more })).warnings
    expect(await warned('TKT-2', { depends_on: 'TKT-1' })).toEqual([
      'they wait for each other: TKT-2 -> TKT-1 -> TKT-2; mend it with `tkt edit-ticket`',
    ])
    expect(await warned('TKT-3', { depends_on: 'TKT-3' })).toBeUndefined()
    mkdirSync(join(project.root, 'note'))
    const block = (id: string, needs: string): string =>
      `### ${id}\n- title: T\n- summary: S\n- depends_on: ${needs}\n`
    writeFileSync(
      join(project.root, 'note/note_tasks.md'),
      `## TICKETS\n${block('TKT-8', 'TKT-9')}${block('TKT-9', 'TKT-8')}`,
    )
    const { warnings } = await project.ok('refresh-new-tasks', {})
    expect(warnings).toEqual([expect.stringContaining('TKT-8 -> TKT-9 -> TKT-8')])
  })

  test('knows what verifies by its names, and hides it by default, as published', async () => {
    const project = await startDurable({ 'TKT-1-VERIFY': {}, 'TKT-2': { source: 'verify-run' }, 'TKT-3': {} })
    const provenance = async (ticket_id: string) => {
      const { ticket } = await project.ok('show-ticket', { ticket_id })
      return [(ticket as { task_provenance: string }).task_provenance]
    }
    expect(await provenance('TKT-1-VERIFY')).toEqual(['verification'])
    expect(await provenance('TKT-2')).toEqual(['verification'])
    expect(await provenance('TKT-3')).toEqual(['workflow'])
  })

  test.each([
    ['ticket_id', '../evil'],
    ['ticket_id', "x'; DROP TABLE tickets"],
    ['ticket_id', 'T'.repeat(52)],
    ['priority', '101'],
    ['priority', '-1'],
    ['wave', '1.5'],
    ['queue_order', '99999999999999999999'],
    ['ticket_type', 'BOSS'],
  ])('refuses %s %s, and names it', async (field, value) => {
    const project = await startDurable()
    const refused = await project.refused('intake-ticket', { ...TICKET, [field]: value })
    expect(refused).toMatchObject({ error: 'INPUT_INVALID' })
    expect(refused.message).toContain(field.replace('_', '-'))
    expect(existsSync(join(project.root, '.tkt'))).toBe(false)
  })

  test('refuses a command in its acceptance that nobody could run, and says which', async () => {
    const project = await startDurable()
    const acceptance = ['it works', '{type: command, run: "npm test"}', '{type: command, run }']
    expect(await project.refused('intake-ticket', { ...TICKET, acceptance })).toMatchObject({
      error: 'INPUT_INVALID',
      message: expect.stringMatching(/^--acceptance 3: .*write \{type: command, run:/) as string,
      details: { field: 'acceptance', value: '{type: command, run }' },
    })
    await project.ok('intake-ticket', { ...TICKET, acceptance: acceptance.slice(0, 2) })
  })

  test('keeps any text byte for byte', async () => {
    const texts = { title: `'"\\;--\u{1F3AB}\u00e9\u0001`, summary: `\n${'x'.repeat(199_000)}\t%_'` }
    const project = await startDurable({ 'TKT-1': texts })
    expect(await project.ok('show-ticket', { ticket_id: 'TKT-1' })).toMatchObject({ ticket: texts })
  })
})

describe('the first ticket of a project', () => {
  test('makes the database: who only looks makes none', async () => {
    const project = await startDurable()
    expect(await project.ok('list-tickets')).toMatchObject({ tickets: [], shown: 'shown 0 of 0' })
    expect(await project.refused('show-ticket', { ticket_id: 'TKT-1' })).toMatchObject({
      error: 'UNKNOWN_TICKET',
    })
    expect(existsSync(join(project.root, '.tkt'))).toBe(false)
  })

  test('makes the database, which git does not see; lines that are there stay', async () => {
    const root = gitProject()
    mkdirSync(join(root, '.tkt'))
    writeFileSync(join(root, '.tkt/.gitignore'), '/mine/')
    expect(await run(worldIn(root), 'intake-ticket', TICKET)).toMatchObject({ ok: true })
    expect(readFileSync(join(root, '.tkt/.gitignore'), 'utf8')).toBe('/mine/\n/tmp/\n/locks/\n/tickets.db*\n')
    expect(git(root, 'status', '--porcelain', '-uall')).toBe('?? .tkt/.gitignore')
  })

  test('is not put where no store may be, and a path that is no database is left alone', async () => {
    const home = await startDurable()
    home.world.environment.HOME = home.root
    expect(await home.refused('intake-ticket', TICKET)).toMatchObject({ error: 'ROOT_REFUSED' })
    const project = await startDurable({}, { '.tkt/tickets.db': 'these are notes of mine\n'.repeat(500) })
    expect(await project.refused('intake-ticket', TICKET)).toMatchObject({ error: 'DATABASE_UNAVAILABLE' })
    expect(readFileSync(join(project.root, '.tkt/tickets.db'), 'utf8')).toMatch(/^these are notes/)
  })

  test('belongs to the project that the configuration names', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    mkdirSync(join(project.root, 'config'))
    const config = join(project.root, 'config/tkt.yaml')
    writeFileSync(config, 'durable: { project: team/other }\n')
    expect(await project.ok('list-tickets')).toMatchObject({ tickets: [], shown: 'shown 0 of 0' })
    writeFileSync(config, 'durable: { project: team }\n')
    expect(await project.refused('list-tickets')).toMatchObject({ error: 'CONFIG_INVALID' })
  })
})

describe('list-tickets', () => {
  test('shows a page of at most 2 KB, says of how many, and how to see the rest', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `TKT-${index}`)
    const project = await startDurable(
      Object.fromEntries(keys.map((key, index) => [key, { queue_order: String(index) }])),
    )
    const page = await project.ok('list-tickets')
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(2048)
    const shown = (page.tickets as unknown[]).length
    expect(page).toMatchObject({ shown: `shown ${shown} of 60`, next: `--offset=${shown}` })
    const rest = await project.ok('list-tickets', { offset: String(shown), limit: '60' })
    expect(rest).toMatchObject({ shown: `shown ${60 - shown} of 60` })
    expect(rest).not.toHaveProperty('next')
    expect((await project.ok('list-tickets', { verbose: true, limit: '1' })).tickets).toMatchObject([
      { ticket_id: 'TKT-0', summary: 'what to do' },
    ])
  })
})
