/** Kills a command at every step it takes, one after the other, and looks at what it leaves behind each time. */
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { expect } from 'vitest'
import type { Fields, Project } from '../support/bundles.ts'
import { DIST, environment, tkt, type Ended } from '../support/tkt.ts'
import { preload } from './preload.ts'

/** Looks at what was answered by the command that is run, whole, after the kill, and at what there is now. */
export type Judge = (again: Ended) => void

/**
 * For every n: the project as it is now, the command killed at its n-th step, the store looked over, the same command
 * again, judged. Returns how many steps there were. The lock's time is set to nothing: nobody may wait for the dead.
 */
export async function killAtEveryStep(
  project: Project,
  words: readonly string[],
  judge: Judge,
  again = words,
): Promise<number> {
  project.write({ 'config/tkt.yaml': 'ticket:\n  lock_timeout: 0\n' })
  const keep = `${project.root}-as-it-was`
  cpSync(project.root, keep, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const killAt = preload('kill-at')
  for (let step = 1; ; step += 1) {
    rmSync(project.root, { recursive: true })
    cpSync(keep, project.root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    const acknowledged = historyOf(project)
    const { status, signal, stderr } = spawnSync(process.execPath, [...killAt, DIST, ...words], {
      cwd: project.root,
      env: environment({ KILL_AT: String(step) }),
      encoding: 'utf8',
    })
    if (signal !== 'SIGKILL') {
      expect([status, stderr]).toEqual([0, ''])
      return step - 1
    }
    try {
      await expectSound(project)
      judge(tkt(again, { cwd: project.root }))
      await expectSound(project)
      expect(await project.ok('doctor')).toMatchObject({ healthy: true })
      expect(historyOf(project).slice(0, acknowledged.length)).toBe(acknowledged)
    } catch (error) {
      throw new Error(`killed at step ${step}, ${stderr}: ${String(error)}`, { cause: error })
    }
  }
}

/** Every file can be read, everything that is listed is whole, and no more than one line of history is torn. */
export async function expectSound(project: Project): Promise<void> {
  for (const path of yamlFiles(project))
    expect(() => parse(readFileSync(path, 'utf8')) as unknown, path).not.toThrow()
  const { bundles, unreadable } = await project.ok('list-bundles', { limit: 1000 })
  expect(unreadable).toBeUndefined()
  for (const { id } of bundles as readonly { readonly id: string }[]) {
    const status = await project.ok('bundle-status', { bundle: id, limit: 1000 })
    expect([id, status.unreadable]).toEqual([id, undefined])
    expect(project.yaml(`.tkt/bundles/${id}/bundle.yaml`).ticket_count).toBeLessThanOrEqual(
      (status.tickets as readonly unknown[]).length,
    )
  }
  expect((await project.ok('express', { action: 'list' })).unreadable).toBeUndefined()
  if (historyOf(project) === '') return
  const { problems } = await project.ok('history', { verify: true })
  expect([[], ['torn']]).toContainEqual((problems as readonly Fields[]).map(({ kind }) => kind as string))
}

function yamlFiles(project: Project): readonly string[] {
  const folder = join(project.root, '.tkt')
  const names = readdirSync(project.root).includes('.tkt')
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : []
  return names
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('tmp'))
    .map((name) => join(folder, name))
}

const historyOf = (project: Project): string =>
  project.has('.tkt/history.log') ? project.text('.tkt/history.log') : ''
