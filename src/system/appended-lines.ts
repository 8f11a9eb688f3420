/** Files that grow by lines, from several processes at once. Paths are absolute; errors of the file system come out unchanged. */
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { PAUSE, syncDirectory, unlessAbsent } from './files.ts'

/**
 * Adds lines to a file (made on demand) in one write and has them safe on disk. Those of several processes never mix.
 * After the torn line of a crash a fresh one is started, so readers skip lines they cannot use. `compose` gets the end
 * of the file, its last line whole, and may not give a line with a newline in it.
 */
export function appendLines(path: string, compose: (tail: string) => readonly string[]): void {
  const file = fs.openSync(path, 'a+')
  try {
    const isNew = fs.fstatSync(file).size === 0
    const tail = readWholeTail(file)
    const lines = compose(tail)
    const broken = lines.find((line) => line.includes('\n'))
    if (broken !== undefined)
      throw new TypeError(`one line expected, found a newline in ${JSON.stringify(broken)}`)
    const isTorn = tail !== '' && !tail.endsWith('\n')
    const [first = '', ...others] = lines.map((line) => `${line}\n`)
    const before = fs.fstatSync(file).size
    append(file, `${isTorn ? '\n' : ''}${first}${others.join('')}`)
    // Somebody may have died in the middle of a line since the tail was read: then ours stands behind half of theirs.
    if (first !== '' && !isOnItsOwn(file, before, first)) append(file, `\n${first}`)
    fs.fdatasyncSync(file)
    if (isNew) syncDirectory(dirname(path))
  } finally {
    fs.closeSync(file)
  }
}

function append(file: number, text: string): void {
  const bytes = Buffer.from(text)
  const written = fs.writeSync(file, bytes)
  // A short write means a full disk: writing the rest brings out the error that says so.
  if (written < bytes.length) fs.writeFileSync(file, bytes.subarray(written))
}

/** Whether the line begins where another has ended, in what came behind the first `before` bytes. */
function isOnItsOwn(file: number, before: number, line: string): boolean {
  const from = Math.max(0, before - 1)
  const chunk = Buffer.alloc(fs.fstatSync(file).size - from)
  fs.readSync(file, chunk, 0, chunk.length, from)
  const text = (before === 0 ? '\n' : '') + chunk.toString()
  return text.includes(`\n${line}`)
}

/** What `compose` is given: the end of the file as it is now, empty where there is none. */
export function tailOf(path: string): string {
  const file = unlessAbsent(() => fs.openSync(path, 'r'))
  if (file === undefined) return ''
  try {
    return readWholeTail(file)
  } finally {
    fs.closeSync(file)
  }
}

/** Half a line may be one that another process is just writing: it is looked at again, and is then of a crash. */
function readWholeTail(file: number): string {
  const tail = readTail(file, fs.fstatSync(file).size)
  if (tail === '' || tail.endsWith('\n')) return tail
  Atomics.wait(PAUSE, 0, 0, 10)
  return readTail(file, fs.fstatSync(file).size)
}

/** The lines that begin in the last 64 KiB, or in as much as holds a whole one. */
function readTail(file: number, size: number): string {
  for (let length = 65_536; ; length *= 2) {
    const chunk = Buffer.alloc(Math.min(length, size))
    fs.readSync(file, chunk, 0, chunk.length, size - chunk.length)
    const text = chunk.toString()
    if (chunk.length === size) return text
    const begin = text.indexOf('\n') + 1
    if (begin > 0 && begin < text.length) return text.slice(begin)
  }
}
