import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appendLines } from '../../src/system/appended-lines.ts'
import { FileTooLarge, listNames, readTextIfPresent, stampOf } from '../../src/system/files.ts'
import {
  commitFile,
  commitNewFile,
  discardFile,
  prepareDirectory,
  prepareFile,
  publishDirectory,
  replaceFile,
} from '../../src/system/prepared-files.ts'

const WORKER = join(import.meta.dirname, 'lock-worker.ts')

describe('reading', () => {
  test('a file that is absent, or below a file, has no text', () => {
    const { root } = makeWorld()
    fs.writeFileSync(join(root, 'file'), '')
    expect(readTextIfPresent(join(root, 'absent'))).toBeUndefined()
    expect(readTextIfPresent(join(root, 'file', 'below'))).toBeUndefined()
    expect(readTextIfPresent(join(root, 'file'))).toBe('')
  })

  test('a file above the limit is refused with its size', () => {
    const { root } = makeWorld()
    const path = join(root, 'large')
    fs.writeFileSync(path, 'x'.repeat(11))
    expect(readTextIfPresent(path, 11)).toBe('x'.repeat(11))
    expect(() => readTextIfPresent(path, 10)).toThrow(FileTooLarge)
    expect(() => readTextIfPresent(path, 10)).toThrow(expect.objectContaining({ path, size: 11, limit: 10 }))
  })

  test('a pipe is read to its end, and a device without an end is refused', () => {
    const { root } = makeWorld()
    const pipe = join(root, 'pipe')
    execFileSync('mkfifo', [pipe])
    spawn('sh', ['-c', `printf 'one\ntwo' > "${pipe}"`])
    expect(readTextIfPresent(pipe)).toBe('one\ntwo')
    expect(readTextIfPresent(pipe)).toBe('') // nobody writes any more
    expect(() => readTextIfPresent('/dev/zero', 200_000)).toThrow(FileTooLarge)
  })

  test('a path that is a directory is an error, not an absence', () => {
    const { root } = makeWorld()
    expect(() => readTextIfPresent(root)).toThrow(expect.objectContaining({ code: 'EISDIR' }))
  })

  test('names come sorted, and none from a directory that is absent', () => {
    const { root } = makeWorld()
    for (const name of ['b', 'c', 'B', 'a']) fs.writeFileSync(join(root, name), '')
    expect(listNames(root)).toEqual(['B', 'a', 'b', 'c'])
    expect(listNames(join(root, 'absent'))).toEqual([])
    expect(() => listNames(join(root, 'a'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
  })
})

describe('replacing', () => {
  test('a reader never sees a torn or empty file', async () => {
    const { root, scratch } = makeWorld()
    const target = join(root, 'target')
    const textOf = (round: number): string => `${String(round % 10).repeat(20_000)}\n`
    replaceFile(scratch, target, textOf(0))
    const reader = startWorker('watch', target)
    expect(await messageOf(reader)).toBe('ready')
    for (let round = 1; round <= 400; round += 1) replaceFile(scratch, target, textOf(round))
    reader.send('stop')
    const seen = await messageOf(reader)
    expect(seen).toEqual({ reads: expect.any(Number) as number, torn: 0 })
    expect((seen as { reads: number }).reads).toBeGreaterThan(50)
    expect(fs.readFileSync(target, 'utf8')).toBe(textOf(400))
    expect(listNames(scratch)).toEqual([])
  })

  test('a commit that fails leaves the target as it was and no scratch file', () => {
    const { root, scratch } = makeWorld()
    const target = join(root, 'directory')
    fs.mkdirSync(join(target, 'full'), { recursive: true })
    expect(() => replaceFile(scratch, target, 'text')).toThrow(expect.objectContaining({ syscall: 'rename' }))
    expect(listNames(target)).toEqual(['full'])
    expect(listNames(scratch)).toEqual([])
  })

  test('a prepared file changes nothing until it is committed, and may be discarded, even twice', () => {
    const { root, scratch } = makeWorld()
    const target = join(root, 'target')
    const prepared = prepareFile(scratch, 'text')
    discardFile(prepared)
    discardFile(prepared)
    expect(listNames(root)).toEqual(['scratch'])
    expect(() => commitFile(prepared, target)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    expect(listNames(scratch)).toEqual([])
  })

  test('a preparation that fails leaves nothing behind', async () => {
    const { root, scratch } = makeWorld()
    const file = join(root, 'file')
    fs.writeFileSync(file, 'kept')
    expect(() => prepareFile(join(file, 'below'), 'text')).toThrow(
      expect.objectContaining({ code: 'ENOTDIR' }),
    )
    expect(() => prepareFile(file, 'text')).toThrow(expect.objectContaining({ code: 'EEXIST' }))
    await expect(prepareDirectory(join(file, 'below'), { a: '' })).rejects.toThrow(
      expect.objectContaining({ code: 'ENOTDIR' }),
    )
    await expect(prepareDirectory(scratch, { a: 'written', 'absent/b': 'cannot be' })).rejects.toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    )
    expect(listNames(scratch)).toEqual([])
    expect(fs.readFileSync(file, 'utf8')).toBe('kept')
  })
})

describe('publishing', () => {
  test.each(['file', 'directory'])('of eight processes exactly one publishes a %s', async (kind) => {
    const { root, scratch } = makeWorld()
    const racers = Array.from({ length: 8 }, () => startWorker('race', scratch, kind))
    await Promise.all(racers.map(messageOf))
    for (let round = 0; round < 40; round += 1) {
      const target = join(root, `target-${round}`)
      const answers = racers.map(messageOf)
      for (const racer of racers) racer.send(target)
      const won = await Promise.all(answers)
      expect(won.filter((answer) => answer === true)).toHaveLength(1)
      const text = fs.readFileSync(kind === 'file' ? target : join(target, 'two'), 'utf8')
      expect(text).toBe(`${racers[won.indexOf(true)]?.pid ?? 'nobody'}\n`)
    }
    expect(listNames(scratch)).toEqual([])
  })

  test('every file bears a time of its own, as no clock of a file system would give it', () => {
    const { scratch } = makeWorld()
    const times = Array.from({ length: 500 }, () => stampOf(prepareFile(scratch, 'x', true))?.mtime_ms)
    expect(new Set(times).size).toBe(500)
    expect(times.filter((time) => Number.isInteger(time)).length).toBeLessThan(50)
    for (const time of times) expect(Math.abs(Date.now() - (time ?? 0))).toBeLessThan(60_000)
  })

  test('a file bears an earlier time than whatever is written to it, and be it at once', () => {
    const { scratch } = makeWorld()
    for (let round = 0; round < 200; round += 1) {
      const file = prepareFile(scratch, 'x')
      const before = fs.statSync(file).mtimeMs
      fs.writeFileSync(file, 'y')
      expect(fs.statSync(file).mtimeMs).toBeGreaterThan(before)
    }
  })

  test('what exists is kept, and what was prepared is cleaned up', async () => {
    const { root, scratch } = makeWorld()
    const [file, directory] = [join(root, 'file'), join(root, 'directory')]
    expect(commitNewFile(prepareFile(scratch, 'first'), file)).toBe(true)
    expect(commitNewFile(prepareFile(scratch, 'second'), file)).toBe(false)
    expect(publishDirectory(await prepareDirectory(scratch, { a: 'first' }), directory)).toBe(true)
    expect(publishDirectory(await prepareDirectory(scratch, { a: 'second' }), directory)).toBe(false)
    expect(fs.readFileSync(file, 'utf8')).toBe('first')
    expect(fs.readFileSync(join(directory, 'a'), 'utf8')).toBe('first')
    expect(listNames(scratch)).toEqual([])
  })

  test('a published directory holds every file, and is as open to others as any other', async () => {
    const { root, scratch } = makeWorld()
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, `text ${index}`]))
    publishDirectory(await prepareDirectory(scratch, files), join(root, 'target'))
    const read = listNames(join(root, 'target')).map((name) => [
      name,
      fs.readFileSync(join(root, 'target', name), 'utf8'),
    ])
    expect(Object.fromEntries(read)).toEqual(files)
    fs.mkdirSync(join(root, 'ordinary'))
    expect(fs.statSync(join(root, 'target')).mode).toBe(fs.statSync(join(root, 'ordinary')).mode)
  })

  test('a directory without files is refused, since an empty one could be published twice', async () => {
    const { scratch } = makeWorld()
    await expect(prepareDirectory(scratch, {})).rejects.toThrow(TypeError)
  })
})

describe('appending', () => {
  test('lines are added at the end, and a torn last line is left behind', () => {
    const { root } = makeWorld()
    const path = join(root, 'log')
    appendLines(path, () => ['one'])
    appendLines(path, () => ['zwei äöü'])
    fs.appendFileSync(path, 'torn by a cra')
    appendLines(path, () => ['three', '', 'four'])
    expect(fs.readFileSync(path, 'utf8')).toBe('one\nzwei äöü\ntorn by a cra\nthree\n\nfour\n')
  })

  test('a line with a newline in it is refused', () => {
    const path = join(makeWorld().root, 'log')
    expect(() => appendLines(path, () => ['one\ntwo'])).toThrow(TypeError)
    expect(fs.readFileSync(path, 'utf8')).toBe('')
  })

  test('its maker sees the last lines of the file, whole, however long they are', () => {
    const path = join(makeWorld().root, 'log')
    const seen: string[] = []
    const append = (line: string) =>
      appendLines(path, (tail) => {
        seen.push(tail)
        return [line]
      })
    for (const line of ['one', 'ä'.repeat(50_000), 'three', 'f'.repeat(40_000), 'five', 'six']) append(line)
    expect(seen).toEqual([
      '',
      'one\n',
      `one\n${'ä'.repeat(50_000)}\n`,
      'three\n',
      `three\n${'f'.repeat(40_000)}\n`,
      `three\n${'f'.repeat(40_000)}\nfive\n`,
    ])
  })

  test.runIf(fs.existsSync('/dev/full'))('a full disk is told by the error of the system', () => {
    expect(() => appendLines('/dev/full', () => ['line'])).toThrow(
      expect.objectContaining({ code: 'ENOSPC' }),
    )
  })
})

function makeWorld(): { root: string; scratch: string } {
  const root = fs.mkdtempSync(join(tmpdir(), 'tkt-files-'))
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }))
  return { root, scratch: join(root, 'scratch') }
}

function startWorker(...parameters: readonly string[]): ChildProcess {
  const worker = spawn(process.execPath, [WORKER, ...parameters], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  return worker
}

async function messageOf(worker: ChildProcess): Promise<unknown> {
  const [message] = (await once(worker, 'message')) as unknown[]
  return message
}

test('a line is on its own, though somebody died in the middle of one after the end was looked at', () => {
  const path = join(makeWorld().root, 'log')
  appendLines(path, () => ['one'])
  appendLines(path, () => {
    fs.appendFileSync(path, 'half')
    return ['two', 'three']
  })
  expect(fs.readFileSync(path, 'utf8').split('\n')).toEqual(['one', 'halftwo', 'three', '', 'two', ''])
})
