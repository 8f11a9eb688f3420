import { mkdirSync, rmdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPlace, type PlaceRequest } from '../../src/system/project-root.ts'
import { git, gitProject, projectFolder, writeFiles } from '../support/project.ts'

const STORE = { '.tkt/roadmap.yaml': 'project: demo\n' }

function find(cwd: string, more: Partial<PlaceRequest> = {}) {
  return findPlace({ cwd, environment: {}, root: undefined, skillFolder: '/nonexistent-skill', ...more })
}

const rootFrom = (cwd: string, more?: Partial<PlaceRequest>): string => find(cwd, more).root

/** The folder, which is made. */
function folder(...parts: readonly string[]): string {
  const path = join(...parts)
  mkdirSync(path, { recursive: true })
  return path
}

/** A linked worktree of the repository, beside it. */
function worktreeOf(root: string, name = 'linked'): string {
  const path = join(dirname(root), name)
  git(root, 'worktree', 'add', '-q', '-b', name, path)
  return path
}

describe('the project of a plain folder', () => {
  test('is the nearest folder upwards with a store', () => {
    const root = projectFolder({ ...STORE, 'a/.tkt/roadmap.yaml': '', 'a/b/c.txt': '' })
    expect(find(folder(root, 'x/y'))).toEqual({ root, store: join(root, '.tkt') })
    expect(rootFrom(join(root, 'a/b'))).toBe(join(root, 'a'))
  })

  test('is the folder itself when there is no store upwards', () => {
    const root = projectFolder({ '.tkt': 'a file is no store' })
    expect(find(root)).toEqual({ root, store: join(root, '.tkt') })
  })

  test('is the real one when the caller came through a link', () => {
    const root = projectFolder(STORE)
    const link = join(dirname(root), 'link')
    symlinkSync(folder(root, 'sub'), link)
    expect(rootFrom(link)).toBe(root)
    expect(rootFrom(join(link, '..', 'link'))).toBe(root)
  })

  test('is found from a folder that was deleted', () => {
    const root = projectFolder(STORE)
    const gone = folder(root, 'gone')
    rmdirSync(gone)
    expect(rootFrom(gone)).toBe(root)
  })

  test('may keep its store behind a link', () => {
    const root = projectFolder()
    symlinkSync(folder(dirname(root), 'elsewhere'), join(root, '.tkt'))
    expect(find(folder(root, 'sub'))).toEqual({ root, store: join(root, '.tkt') })
  })
})

describe('the project of a repository', () => {
  test('is its top, from every folder below', () => {
    const root = gitProject()
    expect(rootFrom(folder(root, 'a/b'))).toBe(root)
    expect(rootFrom(folder(root, '.git/hooks'))).toBe(root)
  })

  test('is a folder of it that has a store of its own', () => {
    const root = gitProject({ ...STORE, 'packages/a/.tkt/roadmap.yaml': '', 'packages/a/src/x.ts': '' })
    expect(rootFrom(join(root, 'packages/a/src'))).toBe(join(root, 'packages/a'))
    expect(rootFrom(join(root, 'packages'))).toBe(root)
  })

  test('is the nearest store above it when it has none itself', () => {
    const root = projectFolder(STORE)
    const inner = folder(root, 'vendor/library')
    git(inner, 'init', '-q')
    expect(rootFrom(inner)).toBe(root)
    folder(inner, '.tkt')
    expect(rootFrom(inner)).toBe(inner)
  })

  test('is the one around a submodule, unless that has a store', () => {
    const root = gitProject({ ...STORE, 'README.md': '' })
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', gitProject(), 'sub')
    expect(rootFrom(join(root, 'sub'))).toBe(root)
    folder(root, 'sub/.tkt')
    expect(rootFrom(join(root, 'sub'))).toBe(join(root, 'sub'))
  })

  test('is a submodule when nothing around it has a store', () => {
    const root = gitProject()
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', gitProject(), 'sub')
    expect(rootFrom(folder(root, 'sub/deep'))).toBe(join(root, 'sub'))
  })
})

describe('a linked worktree', () => {
  test('shares the store of the main checkout, there or not yet there', () => {
    const root = gitProject()
    const linked = worktreeOf(root)
    expect(find(folder(linked, 'a/b'))).toEqual({ root, store: join(root, '.tkt') })
    writeFiles(root, STORE)
    expect(rootFrom(join(linked, 'a/b'))).toBe(root)
  })

  test('shares it when the store is tracked, and so stands in the worktree too', () => {
    const root = gitProject({ ...STORE, 'src/x.ts': '' })
    const linked = worktreeOf(root)
    expect(rootFrom(linked)).toBe(root)
    expect(rootFrom(join(linked, 'src'))).toBe(root)
  })

  test('shares the store of the same folder inside it, tracked or not', () => {
    const root = gitProject({ 'packages/a/src/x.ts': '', 'packages/b/.tkt/roadmap.yaml': '', ...STORE })
    writeFiles(root, { 'packages/a/.tkt/roadmap.yaml': '' })
    const linked = worktreeOf(root)
    expect(rootFrom(join(linked, 'packages/a/src'))).toBe(join(root, 'packages/a'))
    expect(rootFrom(join(linked, 'packages/b'))).toBe(join(root, 'packages/b'))
    expect(rootFrom(join(linked, 'packages'))).toBe(root)
  })

  test('inside the main checkout, where bundles have theirs, shares it too', () => {
    const root = gitProject()
    writeFiles(root, STORE)
    git(root, 'worktree', 'add', '-q', '-b', 'bundle/B-001', '.worktrees/B-001')
    expect(rootFrom(join(root, '.worktrees/B-001'))).toBe(root)
  })

  test('keeps a store that only it has', () => {
    const root = gitProject()
    const linked = worktreeOf(root)
    writeFiles(linked, STORE)
    expect(rootFrom(linked)).toBe(linked)
  })

  test('of a bare repository is a project of its own, or belongs to the store around it', () => {
    const base = projectFolder()
    git(base, 'clone', '-q', '--bare', gitProject(), 'project.git')
    git(join(base, 'project.git'), 'worktree', 'add', '-q', '-b', 'one', join(base, 'one'))
    expect(rootFrom(folder(base, 'one/sub'))).toBe(join(base, 'one'))
    folder(base, '.tkt')
    expect(rootFrom(join(base, 'one/sub'))).toBe(base)
  })

  test('of a bare repository named .git has its project beside that', () => {
    const base = projectFolder()
    git(base, 'clone', '-q', '--bare', gitProject(), '.git')
    git(base, 'worktree', 'add', '-q', '-b', 'one', join(base, 'one'))
    expect(rootFrom(join(base, 'one'))).toBe(base)
  })

  test('whose repository is gone is a project of its own', () => {
    const linked = projectFolder({ '.git': 'gitdir: /nonexistent/.git/worktrees/x\n' })
    expect(rootFrom(linked)).toBe(linked)
    writeFiles(linked, { '.git': 'nonsense' })
    expect(rootFrom(linked)).toBe(linked)
  })
})
