import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  finish,
  openProject,
  rowsAt,
  startBundle,
  type Fields,
  type Project,
} from '../../../support/bundles.ts'
import { projectFolder } from '../../../support/project.ts'

const LOG = '.tkt/history.log'
const PUT_BACK = 'put it back as it was: git log -p -- .tkt/history.log shows each line'

const findingsOf = async (project: Project): Promise<readonly Fields[]> =>
  rowsAt(await project.ok('doctor', { limit: 100 }), 'findings')

function rewrite(project: Project, change: (lines: readonly string[]) => readonly string[]): void {
  const lines = change(project.text(LOG).trimEnd().split('\n'))
  project.write({ [LOG]: lines.map((line) => `${line}\n`).join('') })
}

describe('doctor reads the history', () => {
  test('and says where a line was changed, where one is missing, and how to put it back', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    rewrite(project, (lines) => lines.with(1, (lines[1] ?? '').replace('to=open', 'to=done')).toSpliced(3, 1))
    const next = PUT_BACK
    expect(await findingsOf(project)).toMatchObject([
      { check: 'history-changed', where: 'history.log:2', fault: true, next },
      { check: 'history-missing', where: 'history.log:4', fault: true, next },
      { check: 'history-missing', where: 'history.log', says: 'no line tells that B-001/TKT-002 was made' },
    ])
    expect(await project.ok('doctor', { repair: true })).toMatchObject({ healthy: false, repaired: 0 })
  })

  test('and sees by the tickets that its end is missing', async () => {
    const project = await startBundle(1)
    await finish(project, 'TKT-001', 'alice')
    rewrite(project, (lines) => lines.slice(0, -1))
    expect(await findingsOf(project)).toMatchObject([
      { check: 'history-missing', where: 'history.log', fault: true, next: PUT_BACK },
    ])
  })

  test('and only notes what a crash cut off, and what another tool wrote', async () => {
    const project = await startBundle(1)
    const log = project.text(LOG)
    project.write({ [LOG]: `${log}[2026-03-01T12:00:00Z] TICKET_CL` })
    expect(await project.ok('doctor')).toMatchObject({
      healthy: true,
      findings: [{ check: 'history-torn', fault: false, next: expect.stringMatching(/^leave it/) as string }],
    })
    project.write({ [LOG]: `${log}[2026-03-01T12:00:00Z] TICKET_UPDATED bundle=B-001 ticket=TKT-001\n` })
    expect(await findingsOf(project)).toMatchObject([{ check: 'history-unchained', fault: false }])
    await project.ok('add', { bundle: 'B-001', title: 'The next line vouches for it' })
    expect(await findingsOf(project)).toEqual([])
  })

  test('and finds no fault in one that older versions wrote, without hashes', async () => {
    const project = openProject(
      projectFolder({
        '.tkt/roadmap.yaml': 'project: x\n',
        '.tkt/.gitattributes': 'history.log merge=union\n',
        '.tkt/bundles/B-001/bundle.yaml': 'id: B-001\ntitle: x\nstatus: open\naudit_required: false\n',
        '.tkt/bundles/B-001/TKT-000.yaml': 'id: TKT-000\ntitle: x\nstatus: open\ntransition_log: []\n',
        [LOG]: '[2025-03-01T10:00:00Z] BUNDLE_CREATED id=B-001 goal="x"\n',
      }),
    )
    expect(await project.ok('doctor')).toMatchObject({ healthy: true, findings: [] })
  })

  test('and says how to join two that git did not', async () => {
    const project = await startBundle(1)
    const log = project.text(LOG)
    await project.ok('add', { bundle: 'B-001', title: 'x' })
    const added = project.text(LOG).slice(log.length)
    project.write({ [LOG]: `${log}<<<<<<< HEAD\n${added}=======\n>>>>>>> left\n` })
    expect(await findingsOf(project)).toMatchObject([
      {
        check: 'merge-conflict',
        where: 'history.log',
        fault: true,
        next: expect.stringMatching(/keep all others/) as string,
      },
    ])
  })

  test.each([
    ['is there, but without it', '*.log text', '*.log text\nhistory.log merge=union\n'],
    ['is missing', undefined, 'history.log merge=union\n'],
  ])('and adds what tells git to join them to a .gitattributes that %s', async (_, before, after) => {
    const project = await startBundle(1)
    const path = '.tkt/.gitattributes'
    if (before === undefined) rmSync(join(project.root, path))
    else project.write({ [path]: before })
    expect(await project.ok('doctor')).toMatchObject({
      healthy: true,
      findings: [
        { check: 'no-union-merge', where: '.gitattributes', repair: 'add the line: history.log merge=union' },
      ],
    })
    await project.ok('doctor', { repair: true })
    expect(project.text(path)).toBe(after)
    expect(await findingsOf(project)).toEqual([])
  })
})
