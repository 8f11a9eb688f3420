import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import { git, projectFolder, writeFiles } from '../../support/project.ts'
import { tkt } from '../../support/tkt.ts'
import { startDurable, type DurableProject, type Fields } from './project.ts'

const T1 = { ticket_id: 'TKT-1' }
const own = { ...T1, session_id: 's1' }
const IN_SRC = { scope_allow: 'src/', scope_deny: 'src/db/' }

/** A repository with a ticket that s1 holds. */
async function startHeld(more: RawInput = IN_SRC, config = ''): Promise<DurableProject> {
  const project = await startDurable({ 'TKT-1': more }, { 'config/tkt.yaml': config })
  git(project.root, 'init', '-q', '-b', 'main')
  for (const [key, value] of [
    ['user.name', 'Test'],
    ['user.email', 'test@localhost'],
  ] as const)
    git(project.root, 'config', key, value)
  commit(project.root)
  await project.ok('claim-ticket', own)
  return project
}

function commit(folder: string, files: Readonly<Record<string, string>> = {}): void {
  writeFiles(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'More')
}

const report = async (project: DurableProject, raw: RawInput = {}): Promise<Fields> =>
  (await project.ok('check-ticket-scope', { ...T1, ...raw })).scope_report as Fields

describe('check-ticket-scope', () => {
  test('tells of what is uncommitted and committed since the claim, without the records of the tool', async () => {
    const project = await startHeld()
    const base = git(project.root, 'rev-parse', 'HEAD')
    expect(await report(project)).toMatchObject({ scope_breach_status: 'CLEAN', base_sha: base })
    commit(project.root, { 'src/a': '', 'docs/a': '' })
    writeFiles(project.root, { 'src/db/b': '', '.tkt/noted': '' })
    expect(await report(project)).toMatchObject({
      scope_breach_status: 'SCOPE_BREACH',
      scope_source: 'ticket',
      allowed_prefixes: ['src/'],
      denied_patterns: ['src/db/'],
      changed_files: ['docs/a', 'src/a', 'src/db/b'],
      out_of_scope_files: ['docs/a', 'src/db/b'],
      out_of_scope_count: 2,
      ignored_files: 1,
      changed_files_from: ['uncommitted', 'commits'],
    })
    expect(await report(project, { base: 'HEAD' })).toMatchObject({ changed_files: ['src/db/b'] })
    expect(await report(project, { changed_file: ['src/x', 'y'] })).toMatchObject({
      changed_files_from: ['given'],
      out_of_scope_files: ['y'],
    })
  })

  test('looks at the linked worktree that the caller stands in; what was merged there from main counts for others', async () => {
    const project = await startHeld()
    const tree = join(project.root, '.worktrees/TKT-1')
    git(project.root, 'worktree', 'add', '-q', '-b', 'work', tree)
    commit(project.root, { 'of-others': '' })
    commit(tree, { 'src/mine': '' })
    git(tree, 'merge', '-q', '--no-edit', 'main')
    const { json } = tkt(['check-ticket-scope', 'TKT-1'], { cwd: tree })
    expect(json.scope_report).toMatchObject({ changed_files: ['src/mine'], scope_breach_status: 'CLEAN' })
  })

  test('goes by the configuration where the ticket declares nothing, and says UNDECLARED where that does neither', async () => {
    const undeclared = await startHeld({})
    writeFiles(undeclared.root, { x: '' })
    expect(await report(undeclared)).toMatchObject({ scope_breach_status: 'UNDECLARED' })
    const ruled = await startHeld({}, 'scope: {rules: [{match: "TKT-*", allow: [docs/]}]}\n')
    writeFiles(ruled.root, { x: '' })
    expect(await report(ruled)).toMatchObject({ scope_source: 'rule', out_of_scope_files: ['x'] })
  })

  test('answers within 2 KB, page by page', async () => {
    const project = await startHeld({
      scope_allow: Array.from({ length: 30 }, (_, at) => `${'d/'.repeat(80)}${at}`),
    })
    writeFiles(
      project.root,
      Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`${'n'.repeat(90)}${at}`, ''])),
    )
    const answer = await project.ok('check-ticket-scope', T1)
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(2048)
    expect(answer).toMatchObject({ scope_report: { changed_count: 90, out_of_scope_count: 90 } })
    expect(await report(project, { limit: 90 })).toMatchObject({ changed_files: { length: 90 } })
  })

  test('is refused what git cannot tell, and a ticket that is not there, for which it makes no database', async () => {
    const project = await startHeld()
    const refusal = async (raw: RawInput) => (await project.refused('check-ticket-scope', raw)).error
    expect(await refusal({ ...T1, base: 'nothing' })).toBe('BASE_UNKNOWN')
    git(project.root, 'checkout', '-q', '--orphan', 'other')
    commit(project.root, { other: '' })
    expect(await refusal(T1)).toBe('BASE_NOT_ANCESTOR')
    expect(await refusal({ ticket_id: 'TKT-9' })).toBe('UNKNOWN_TICKET')
    rmSync(join(project.root, '.git'), { recursive: true })
    expect(await refusal(T1)).toBe('NOT_A_REPOSITORY')
    const empty = projectFolder()
    expect(tkt(['check-ticket-scope', 'TKT-1'], { cwd: empty }).json.error).toBe('UNKNOWN_TICKET')
    expect(existsSync(join(empty, '.tkt'))).toBe(false)
  })
})

describe('a scope', () => {
  test('with an entry that cannot be used is refused at intake, and in the configuration', async () => {
    const project = await startDurable({}, { 'config/tkt.yaml': 'scope: {rules: [{match: "["}]}\n' })
    const draft = { ...T1, title: 'T', summary: 'S' }
    expect(
      await project.refused('intake-ticket', { ...draft, scope_allow: 'src/{a,b}.ts,../x' }),
    ).toMatchObject({
      error: 'INPUT_INVALID',
      details: { field: 'scope_allow', value: '../x', reason: expect.stringContaining('..') as string },
    })
    await project.ok('intake-ticket', { ...draft, scope_allow: 'src/{a,b}.ts', required_work: ['a, b'] })
    expect(await project.refused('claim-ticket', own)).toMatchObject({ error: 'CONFIG_INVALID' })
  })

  test('that may meet one in other hands is warned about at the claim, within 1 KB', async () => {
    const long = { ...IN_SRC, title: 't'.repeat(500), summary: 'long '.repeat(1000) }
    const keys = ['a', 'b', 'c'].map((letter) => `TKT-${letter.repeat(40)}`)
    const [first = '', second = '', third = ''] = keys
    const project = await startDurable({ [first]: long, [second]: long, [third]: { scope_allow: 'docs/' } })
    const claim = (ticket_id: string, letter: string) =>
      project.ok('claim-ticket', { ticket_id, session_id: letter.repeat(100) })
    expect(await claim(first, 'x')).not.toHaveProperty('warnings')
    const met = await claim(second, 'y')
    expect(met.warnings).toEqual([
      expect.stringContaining(`its scope may meet that of ${first} (session xxx`),
    ])
    expect(Buffer.byteLength(JSON.stringify(met))).toBeLessThanOrEqual(1024)
    expect(await claim(third, 'z')).not.toHaveProperty('warnings')
  })
})

describe('close-ticket under enforcement.scope', () => {
  const under = (how: string) => startHeld(IN_SRC, `enforcement: {scope: ${how}}\n`)

  test('is closed with a warning under warn, also when git cannot tell, and in silence when it is off', async () => {
    const [warned, blind, off] = [await under('warn'), await under('warn'), await under('off')]
    for (const { root } of [warned, off]) writeFiles(root, { x: '' })
    rmSync(join(blind.root, '.git'), { recursive: true })
    expect(await warned.ok('close-ticket', own)).toMatchObject({
      warnings: ['enforcement.scope: TKT-1 changed what is outside its scope: x'],
    })
    expect(await blind.ok('close-ticket', own)).toMatchObject({
      warnings: [expect.stringContaining('no repository')],
    })
    expect(await off.ok('close-ticket', own)).not.toHaveProperty('warnings')
  })

  test('is refused under block, with nothing changed; who does not hold it hears that first', async () => {
    const project = await under('block')
    writeFiles(project.root, { x: '', 'src/a': '' })
    expect(await project.refused('close-ticket', { ...own, session_id: 's2' })).toMatchObject({
      error: 'TICKET_NOT_OWNED_BY_SESSION',
    })
    expect(await project.refused('close-ticket', own)).toMatchObject({
      error: 'SCOPE_BREACH',
      error_code: 'SK-GIT-004',
      details: { out_of_scope_files: ['x'], out_of_scope_count: 1 },
    })
    expect(await project.ok('show-ticket', T1)).toMatchObject({ ticket: { status: 'CLAIMED' } })
    rmSync(join(project.root, 'x'))
    expect(await project.ok('close-ticket', own)).toMatchObject({ ticket: { status: 'CLOSED' } })
  })

  test('asks nobody where no scope is declared, and never takes silence of git for a yes', async () => {
    const undeclared = await startHeld({}, 'enforcement: {scope: block}\n')
    const blind = await under('block')
    for (const { root } of [undeclared, blind]) rmSync(join(root, '.git'), { recursive: true })
    expect(await undeclared.ok('close-ticket', own)).not.toHaveProperty('warnings')
    expect(await blind.refused('close-ticket', own)).toMatchObject({ error: 'NOT_A_REPOSITORY' })
  })
})

test('a claim before the first commit counts all of them', async () => {
  const project = await startDurable({ 'TKT-1': IN_SRC })
  git(project.root, 'init', '-q', '-b', 'main')
  await project.ok('claim-ticket', own)
  const { ticket } = await project.ok('show-ticket', T1)
  expect(ticket).toMatchObject({ base_sha: '0'.repeat(40) })
  const outside = await startDurable({ 'TKT-1': {} })
  await outside.ok('claim-ticket', own)
  expect((await outside.ok('show-ticket', T1)).ticket).not.toHaveProperty('base_sha')
})
