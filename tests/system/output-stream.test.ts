import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder, writeFiles } from '../support/project.ts'

const MODULE = join(import.meta.dirname, '../../src/system/output-stream.ts')

/** A program that writes so many characters, each of two bytes, then tells what it saw. */
const program = (characters: number, before: string): string => `
${before}
import { outputStream } from ${JSON.stringify(MODULE)}
const error = outputStream(2, () => undefined)
const output = outputStream(1, ({ message }) => error.write('lost: ' + message))
output.write('é'.repeat(${characters}) + '\\n')
error.write(JSON.stringify({ isTerminal: output.isTerminal }))
`

function programFile(characters: number, before = ''): string {
  const folder = projectFolder()
  writeFiles(folder, { 'program.ts': program(characters, before) })
  return join(folder, 'program.ts')
}

describe('standard output', () => {
  test('takes a long text whole, at once', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [programFile(2_000_000)], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    })
    expect(stdout.length).toBe(2_000_001)
    expect(JSON.parse(stderr)).toEqual({ isTerminal: false })
  })

  test('loses nothing to a slow reader of a pipe that does not block', async () => {
    // Node makes a pipe non-blocking for all who share it when it makes its own stream for it.
    const file = programFile(200_000, 'process.stdout')
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [bytes, told] = [0, '']
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      child.stdout.pause()
      setTimeout(() => child.stdout.resume(), 5)
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(bytes).toBe(400_001)
    expect(JSON.parse(told)).toEqual({ isTerminal: false })
  })

  test('says that a text is lost when it cannot be written', () => {
    const full = openSync('/dev/full', 'w')
    const { stderr } = spawnSync(process.execPath, [programFile(10)], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect(stderr).toContain('lost: ENOSPC')
  })

  test('makes no stream, which is slow to make, for /dev/null', () => {
    const file = programFile(10, "process.on('exit', () => error.write(String(process.moduleLoadList)))")
    const { stderr } = spawnSync(process.execPath, [file], {
      stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
      encoding: 'utf8',
    })
    expect(stderr).toContain('{"isTerminal":false}')
    expect(stderr).toContain('NativeModule fs')
    expect(stderr).not.toContain('sync_write_stream')
  })

  test('does not mind a reader that has gone', () => {
    const command = `"${process.execPath}" "${programFile(2_000_000)}" | head -c 1`
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
    expect(stdout.length).toBe(1)
    expect(stderr).not.toContain('lost')
  })
})
