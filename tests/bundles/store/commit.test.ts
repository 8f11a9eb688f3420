import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AlreadyThere, commitChange, type StoreChange } from '../../../src/bundles/store/commit.ts'
import type { Content } from '../../../src/bundles/store/yaml-file.ts'
import { IGNORED } from '../../../src/bundles/store/layout.ts'
import { chained, linesOf, linkOf } from '../../../src/bundles/model/history-chain.ts'
import { appendLines } from '../../../src/system/appended-lines.ts'
import { treeOf } from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'
import { NOW } from '../model/make.ts'

const yaml = (text: string): Content => ({ text, value: null })

const unchained = (log: string): string => log.replaceAll(/ prev=\S+ hash=\S+$/gm, '')

/** A store with one ticket in it. */
function makeStore() {
  const root = projectFolder({
    '.tkt/bundles/B-001/TKT-001.yaml': 'old\n',
    '.tkt/history.log': 'before\n',
    '.tkt/.gitignore': 'mine\n',
    '.tkt/.gitattributes': 'mine\n',
  })
  const at = (path: string): string => join(root, '.tkt', path)
  return {
    at,
    text: (path: string): string => readFileSync(at(path), 'utf8'),
    commit: (change: Partial<StoreChange>) =>
      commitChange({ root, store: join(root, '.tkt') }, { events: [], ...change }, NOW),
    tree: () => treeOf(join(root, '.tkt')),
    /** What is left in the scratch folder. */
    scratch: () => (existsSync(at('tmp')) ? Object.keys(treeOf(at('tmp'))) : []),
  }
}

const INIT = { event: 'INIT', fields: { project: 'demo' } } as const

describe('a change', () => {
  test('puts everything in place, with its lines in the history', async () => {
    const { at, commit, text, scratch } = makeStore()
    await commit({
      folders: { [at('bundles/B-002')]: { 'bundle.yaml': yaml('b\n'), 'TKT-000.yaml': yaml('t\n') } },
      creations: { [at('express/EXP-001.yaml')]: yaml('e\n') },
      removals: [at('bundles/B-001/carryover.yaml')],
      files: { [at('bundles/B-001/TKT-001.yaml')]: yaml('new\n'), [at('roadmap.yaml')]: yaml('r\n') },
      events: [INIT, { event: 'BUNDLE_CREATED', fields: { id: 'B-002', goal: 'a\nb' } }],
    })
    const names = [
      'bundles/B-002/bundle.yaml',
      'bundles/B-002/TKT-000.yaml',
      'express/EXP-001.yaml',
      'bundles/B-001/TKT-001.yaml',
      'roadmap.yaml',
    ]
    expect(names.map(text)).toEqual(['b\n', 't\n', 'e\n', 'new\n', 'r\n'])
    expect(unchained(text('history.log'))).toBe(
      `before\n[${NOW}] INIT project=demo\n[${NOW}] BUNDLE_CREATED id=B-002 goal="a\\nb"\n`,
    )
    expect(scratch()).toEqual([])
  })

  test('hangs its lines behind those that came while its files went to the disk', async () => {
    const { at, commit, text } = makeStore()
    const folders = { [at('bundles/B-002')]: { 'bundle.yaml': yaml('b\n') } }
    const slow = commit({ folders, events: [INIT] })
    appendLines(at('history.log'), (tail) => chained(['meanwhile'], tail))
    await slow
    const [, meanwhile, last] = linesOf(text('history.log')).map(linkOf)
    expect(last?.prev).toEqual([meanwhile?.hash])
  })

  test('without events leaves the history alone', async () => {
    const { at, commit, text } = makeStore()
    await commit({ files: { [at('roadmap.yaml')]: yaml('r\n') } })
    expect(text('history.log')).toBe('before\n')
  })

  test('removes what is to be gone, and minds nothing that is', async () => {
    const { at, commit } = makeStore()
    await commit({
      removals: [at('bundles/B-001/TKT-001.yaml'), at('bundles/B-001/TKT-001.yaml'), at('absent')],
    })
    expect(existsSync(at('bundles/B-001/TKT-001.yaml'))).toBe(false)
  })
})

describe('a change that fails while it is prepared', () => {
  test.each<readonly [string, (at: (path: string) => string) => Partial<StoreChange>]>([
    [
      'as a folder cannot be written',
      (at) => ({ folders: { [at('bundles/B-002')]: { 'no/such/folder': yaml('') } } }),
    ],
    ['as a folder has no files', (at) => ({ folders: { [at('bundles/B-002')]: {} } })],
    [
      'as a file is where a folder should be',
      (at) => ({ creations: { [at('history.log/EXP-001.yaml')]: yaml('e') } }),
    ],
  ])('changes nothing: %s', async (_title, change) => {
    const { at, commit, tree, scratch } = makeStore()
    const before = tree()
    await expect(
      commit({
        files: { [at('bundles/B-001/TKT-001.yaml')]: yaml('new\n') },
        events: [INIT],
        ...change(at),
      }),
    ).rejects.toThrow(Error)
    expect(withoutEmptyFolders(tree())).toEqual(before)
    expect(scratch()).toEqual([])
  })

  test('changes nothing when the history cannot get its lines', async () => {
    const { at, commit, text, scratch } = makeStore()
    rmSync(at('history.log'))
    mkdirSync(at('history.log'))
    await expect(
      commit({ files: { [at('bundles/B-001/TKT-001.yaml')]: yaml('new\n') }, events: [INIT] }),
    ).rejects.toThrow(expect.objectContaining({ code: 'EISDIR' }))
    expect(text('bundles/B-001/TKT-001.yaml')).toBe('old\n')
    expect(scratch()).toEqual([])
  })
})

describe('what exists already', () => {
  test.each([
    [
      'a file',
      (at: (path: string) => string) => ({
        creations: { [at('bundles/B-001/TKT-001.yaml')]: yaml('mine\n') },
      }),
    ],
    [
      'a folder',
      (at: (path: string) => string) => ({
        folders: { [at('bundles/B-001')]: { 'bundle.yaml': yaml('mine\n') } },
      }),
    ],
  ])('is never replaced, and not told as made: %s', async (_title, change) => {
    const { at, commit, tree, scratch } = makeStore()
    const before = tree()
    await expect(
      commit({ ...change(at), files: { [at('roadmap.yaml')]: yaml('r\n') }, events: [INIT] }),
    ).rejects.toThrow(AlreadyThere)
    expect(tree()).toEqual(before)
    expect(scratch()).toEqual([])
  })
})

describe('a change that fails while it is put in place', () => {
  test('leaves the history a line ahead, what came before it done, and nothing else', async () => {
    const { at, commit, text, scratch } = makeStore()
    mkdirSync(at('bundles/B-001/TKT-002.yaml/full'), { recursive: true })
    const files = {
      [at('bundles/B-001/TKT-001.yaml')]: yaml('new\n'),
      [at('bundles/B-001/TKT-002.yaml')]: yaml('x\n'),
      [at('roadmap.yaml')]: yaml('r\n'),
    }
    await expect(commit({ files, events: [INIT] })).rejects.toThrow(
      expect.objectContaining({ syscall: 'rename' }),
    )
    expect(unchained(text('history.log'))).toBe(`before\n[${NOW}] INIT project=demo\n`)
    expect(text('bundles/B-001/TKT-001.yaml')).toBe('new\n')
    expect(existsSync(at('roadmap.yaml'))).toBe(false)
    expect(scratch()).toEqual([])
    rmSync(at('bundles/B-001/TKT-002.yaml'), { recursive: true })
    await commit({ files, events: [INIT] })
    expect(text('roadmap.yaml')).toBe('r\n')
  })
})

describe('the scratch folder', () => {
  test('is kept out of git from the first change on, and a .gitignore of somebody else stays', async () => {
    const { at, commit, text } = makeStore()
    await commit({ events: [INIT] })
    expect(text('.gitignore')).toBe('mine\n')
    rmSync(at('.gitignore'))
    await commit({ events: [INIT] })
    expect(text('.gitignore')).toBe(IGNORED)
    expect(text('.gitattributes')).toBe('mine\n')
    rmSync(at('.gitattributes'))
    await commit({ events: [INIT] })
    expect(text('.gitattributes')).toBe('history.log merge=union\n')
  })

  test('loses what a crash left there long ago, and keeps what is being written', async () => {
    const { at, commit, scratch } = makeStore()
    mkdirSync(at('tmp/old-folder'), { recursive: true })
    for (const name of ['old', 'young', 'old-folder/file']) writeFileSync(at(`tmp/${name}`), '')
    for (const name of ['old', 'old-folder']) utimesSync(at(`tmp/${name}`), 0, 0)
    await commit({ events: [INIT] })
    expect(scratch()).toEqual(['young'])
  })
})

/** Folders that a failed change had to make on its way say nothing. */
const withoutEmptyFolders = (tree: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => path !== 'express/'))
