/** File systems for tests: a small disk, a read-only view. They need the right to mount, which not every machine gives. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'

/** Mounts; skips the test with the reason where that is not allowed. Undone when the test ends. */
export function mount(context: TestContext, folder: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', [...words, folder], { encoding: 'utf8' })
  if (status !== 0) context.skip(`mount ${words.join(' ')}: ${stderr || 'not to be had'}`)
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder])
  })
}

/** A disk of this many bytes and files, mounted at a new folder. */
export function smallDisk(context: TestContext, folder: string, limits = 'size=4m'): void {
  mkdirSync(folder, { recursive: true })
  mount(context, folder, '-t', 'tmpfs', '-o', limits, 'tmpfs')
}

/** Shows a folder read-only from now on. */
export function makeReadOnly(context: TestContext, folder: string): void {
  mount(context, folder, '--bind', folder)
  const { status, stderr } = spawnSync('mount', ['-o', 'remount,ro,bind', folder], { encoding: 'utf8' })
  if (status !== 0) context.skip(`remount: ${stderr}`)
}

const FILLER = 'filler'

/** Leaves so many pages of the disk free, which is what a small file takes. */
export function fillDisk(disk: string, freePages: number): void {
  emptyDisk(disk)
  const { bsize, bavail } = statfsSync(disk)
  writeFileSync(join(disk, FILLER), Buffer.alloc((bavail - freePages) * bsize))
}

/** Leaves room for so many more files. */
export function fillNames(disk: string, freeFiles: number): void {
  emptyDisk(disk)
  mkdirSync(join(disk, FILLER))
  const { ffree } = statfsSync(disk)
  for (let number = freeFiles; number < ffree; number += 1)
    writeFileSync(join(disk, FILLER, String(number)), '')
}

export const emptyDisk = (disk: string): void => rmSync(join(disk, FILLER), { recursive: true, force: true })
