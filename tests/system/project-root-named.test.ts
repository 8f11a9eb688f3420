import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPlace, type PlaceRequest } from '../../src/system/project-root.ts'
import { gitProject, projectFolder } from '../support/project.ts'

const find = (cwd: string, more: Partial<PlaceRequest> = {}) =>
  findPlace({ cwd, environment: {}, root: undefined, skillFolder: '/nonexistent-skill', ...more })

describe('a project that is named', () => {
  test('by --root is that folder, whatever else says', () => {
    const root = gitProject({ '.tkt/roadmap.yaml': '', 'a/b.txt': '' })
    const environment = { PROJECT_ROOT: '/other', TKT_ROOT: '/other/.tkt' }
    for (const named of ['a', './a/', join(root, 'a')])
      expect(find(root, { root: named, environment })).toEqual({
        root: join(root, 'a'),
        store: join(root, 'a/.tkt'),
      })
    expect(find(join(root, 'a'), { root: '..', environment }).root).toBe(root)
  })

  test.each([
    ['both, absolute', { PROJECT_ROOT: '/p', TKT_ROOT: '/p/.tkt' }, '/p', '/p/.tkt'],
    ['a store outside the project', { PROJECT_ROOT: '/p', TKT_ROOT: '/data/tickets' }, '/p', '/data/tickets'],
    ['a project only', { PROJECT_ROOT: '/p' }, '/p', '/p/.tkt'],
    ['a store only', { TKT_ROOT: '/p/.tkt' }, '/p', '/p/.tkt'],
    ['both, relative to the caller', { PROJECT_ROOT: 'p', TKT_ROOT: 'data' }, 'CWD/p', 'CWD/data'],
    ['a relative project only', { PROJECT_ROOT: '..' }, 'CWD/..', 'CWD/../.tkt'],
    ['a relative store only', { TKT_ROOT: '.tkt' }, 'CWD', 'CWD/.tkt'],
    ['a store of another name only', { TKT_ROOT: '/data/tickets' }, 'CWD', '/data/tickets'],
    [
      'nothing, in empty words',
      { PROJECT_ROOT: '', TKT_ROOT: '', CLAUDE_PROJECT_DIR: '' },
      'CWD',
      'CWD/.tkt',
    ],
  ])('by the environment as %s is that', (_title, environment, root, store) => {
    const cwd = projectFolder()
    const at = (path: string): string => join(path.replace('CWD', cwd))
    expect(find(cwd, { environment })).toEqual({ root: at(root), store: at(store) })
  })

  test('by a store of another name is the repository around the caller', () => {
    const root = gitProject({ 'a/b.txt': '' })
    const environment = { TKT_ROOT: '/data/tickets' }
    expect(find(join(root, 'a'), { environment })).toEqual({ root, store: '/data/tickets' })
  })
})

describe('from inside the folder of the skill', () => {
  test('the project is the one that the skill is installed in', () => {
    const root = projectFolder({ '.tkt/roadmap.yaml': '', '.agents/skills/tkt/scripts/tkt.sh': '' })
    const skillFolder = join(root, '.agents/skills/tkt')
    for (const cwd of [skillFolder, join(skillFolder, 'scripts')]) {
      expect(find(cwd, { skillFolder })).toEqual({ root, store: join(root, '.tkt') })
    }
  })

  test('the project is the repository when there is no store yet, also through a link', () => {
    const root = gitProject({ '.agents/skills/tkt/SKILL.md': '' })
    const skillFolder = join(root, '.agents/skills/tkt')
    mkdirSync(join(root, '.claude'))
    symlinkSync('../.agents/skills', join(root, '.claude/skills'))
    expect(find(join(root, '.claude/skills/tkt'), { skillFolder }).root).toBe(root)
    expect(find(skillFolder, { skillFolder: join(root, '.claude/skills/tkt') }).root).toBe(root)
  })

  test('the project is what CLAUDE_PROJECT_DIR says, or what lies around that', () => {
    const root = projectFolder({ '.tkt/roadmap.yaml': '', 'sub/x.txt': '' })
    const skillFolder = projectFolder({ 'SKILL.md': '' }, 'skill')
    const inside = (CLAUDE_PROJECT_DIR: string) =>
      find(skillFolder, { skillFolder, environment: { CLAUDE_PROJECT_DIR } })
    expect(inside(root).root).toBe(root)
    expect(inside(join(root, 'sub')).root).toBe(root)
    const fresh = projectFolder()
    expect(inside(fresh)).toEqual({ root: fresh, store: join(fresh, '.tkt') })
    expect(inside('').refusal).toBeDefined()
  })

  test('CLAUDE_PROJECT_DIR says nothing anywhere else', () => {
    const root = projectFolder({ '.tkt/roadmap.yaml': '' })
    expect(find(root, { environment: { CLAUDE_PROJECT_DIR: '/other' } }).root).toBe(root)
  })

  test('a folder whose name only begins alike is not inside', () => {
    const skillFolder = projectFolder({}, 'tkt')
    const beside = join(dirname(skillFolder), 'tkt-project')
    mkdirSync(beside)
    expect(find(beside, { skillFolder })).toEqual({ root: beside, store: join(beside, '.tkt') })
  })
})

describe('no store is started', () => {
  test.each<readonly [string, (folder: string) => Partial<PlaceRequest>, RegExp]>([
    ['in HOME', (folder) => ({ environment: { HOME: folder } }), /home/],
    ['in HOME written otherwise', (folder) => ({ environment: { HOME: `${folder}/../project/` } }), /home/],
    ['in the home of Windows', (folder) => ({ environment: { USERPROFILE: folder } }), /home/],
    ['in HOME named by --root', (folder) => ({ root: folder, environment: { HOME: folder } }), /home/],
    [
      'in HOME named by PROJECT_ROOT',
      (folder) => ({ environment: { HOME: folder, PROJECT_ROOT: folder } }),
      /home/,
    ],
    ['in the folder of the skill', (folder) => ({ skillFolder: folder }), /skill/],
    ['below it', (folder) => ({ skillFolder: dirname(folder) }), /skill/],
    ['below it, named by --root', (folder) => ({ skillFolder: folder, root: 'sub/project' }), /skill/],
  ])('%s', (_title, more, reason) => {
    const folder = projectFolder()
    expect(find(folder, more(folder)).refusal).toMatch(reason)
  })

  test('at the root of the file system', () => {
    expect(find('/', { environment: { HOME: '' } })).toEqual({
      root: '/',
      store: '/.tkt',
      refusal: 'it is the root of the file system',
    })
    expect(find('/tmp', { root: '/' }).refusal).toMatch(/root of the file system/)
  })

  test('but one that TKT_ROOT names is, wherever it is', () => {
    const folder = projectFolder()
    const environment = { HOME: folder, TKT_ROOT: join(folder, '.tkt') }
    expect(find(folder, { environment })).toEqual({ root: folder, store: join(folder, '.tkt') })
  })
})
