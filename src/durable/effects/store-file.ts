/**
 * The file that a project moves in: JSON a line. First a head, then each row, last how many there were and the SHA-256 of
 * all lines before, so that a file that was cut off or changed is no such file.
 */
import type { Hash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname } from 'node:path'
import { isSpecialFile, uniqueName } from '../../system/files.ts'
import { commitFile, discardFile, sweepScratch } from '../../system/prepared-files.ts'
import type { Row } from '../store/rows.ts'
import {
  ImportRefused,
  type CopiedRow,
  type CopySource,
  type CopyTables,
  type CopyTarget,
} from '../store/store-keeper.ts'

export interface FileHead {
  /** ORGANISATION/PROJECT that it was made of. */
  readonly project: string
  readonly exported_at: string
}

const FORMAT = { format: 'tkt-store', version: 1 } as const

export interface Exported {
  readonly sha256: string
  readonly bytes: number
  readonly tables: CopyTables
}

/** The file is there when it is whole; what was in its place is kept until then. Nothing is left when `copy` throws. */
export async function writeStoreFile(
  path: string,
  head: FileHead,
  copy: (to: CopyTarget) => Promise<void>,
): Promise<Exported> {
  const { createHash } = await import('node:crypto') // takes 6 ms to load
  sweepScratch(dirname(path), ABANDONED_MS, preparedFor(basename(path)))
  const prepared = `${path}.${uniqueName()}`
  const file = fs.openSync(prepared, 'wx')
  try {
    const writer = writerTo(file, createHash('sha256'))
    let [rows, told]: [number, CopyTables] = [0, {}]
    await copy({
      begin: (tables) => {
        told = tables
        writer.line({ ...FORMAT, ...head, tables })
      },
      row: (table, row) => {
        rows += 1
        writer.line({ table, row: withoutNulls(row) })
      },
    })
    const sha256 = writer.end(rows)
    fs.fsyncSync(file)
    const bytes = fs.fstatSync(file).size
    commitFile(prepared, path)
    return { sha256, bytes, tables: told }
  } catch (error) {
    discardFile(prepared)
    throw error
  } finally {
    fs.closeSync(file)
  }
}

/** A file that is being written changes all the time; what was cut off before does not any more. */
const ABANDONED_MS = 600_000
const preparedFor = (name: string): RegExp =>
  new RegExp(`^${name.replaceAll(/\W/g, '\\$&')}\\.\\d+-[a-z0-9]+$`)

const withoutNulls = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

function writerTo(file: number, hash: Hash) {
  let lines = ''
  const flush = (): void => {
    hash.update(lines)
    fs.writeFileSync(file, lines)
    lines = ''
  }
  return {
    line: (value: object): void => {
      lines += `${JSON.stringify(value)}\n`
      if (lines.length > CHUNK) flush()
    },
    end: (rows: number): string => {
      flush()
      const sha256 = hash.digest('hex')
      fs.writeFileSync(file, `${JSON.stringify({ end: FORMAT.format, rows, sha256 })}\n`)
      return sha256
    },
  }
}

const CHUNK = 1024 * 1024

export interface StoreFile extends CopySource {
  readonly head: FileHead
}

/** Reads it through once, so that what is given is whole. Throws ImportRefused, then and while its rows are read. */
export async function openStoreFile(path: string): Promise<StoreFile> {
  const { createHash } = await import('node:crypto')
  if (isSpecialFile(path)) throw new ImportRefused('it is no ordinary file')
  const { project, exported_at, tables } = headOf(firstOf(linesOf(path)))
  const rows = (): Iterable<CopiedRow> => rowsOf(path, createHash('sha256'))
  const counts = new Map<string, number>()
  for (const { table } of rows()) counts.set(table, (counts.get(table) ?? 0) + 1)
  const wrong = [...new Set([...Object.keys(tables), ...counts.keys()])].find(
    (table) => (tables[table]?.rows ?? -1) !== (counts.get(table) ?? 0),
  )
  if (wrong !== undefined) throw new ImportRefused(`${wrong} has other rows than the head says`)
  return { head: { project, exported_at }, tables, rows }
}

function firstOf(lines: Iterable<string>): string {
  for (const line of lines) return line
  return ''
}

function* rowsOf(path: string, hash: Hash): Generator<CopiedRow> {
  let [rows, isFirst]: [number, boolean] = [0, true]
  let before: string | undefined
  for (const line of linesOf(path)) {
    if (before !== undefined) {
      hash.update(`${before}\n`)
      if (!isFirst) {
        rows += 1
        yield parsed(before) as CopiedRow // the hash of the file says that this program wrote it
      }
      isFirst = false
    }
    before = line
  }
  const end = parsed(before ?? '') as {
    readonly end?: unknown
    readonly rows?: unknown
    readonly sha256?: unknown
  }
  if (end.end !== FORMAT.format) throw new ImportRefused('it is cut off: its last line is missing')
  if (end.rows !== rows || end.sha256 !== hash.digest('hex'))
    throw new ImportRefused('it was changed since it was exported: its SHA-256 is another')
}

function headOf(line: string): FileHead & { readonly tables: CopyTables } {
  const head = parsed(line) as Partial<FileHead> & {
    readonly format?: unknown
    readonly version?: unknown
    readonly tables?: CopyTables
  }
  const { format, version, project, exported_at, tables } = head
  if (format !== FORMAT.format) throw new ImportRefused('it is no export of `tkt db export`')
  if (version !== FORMAT.version)
    throw new ImportRefused(
      `it is of version ${String(version)}, and this program reads ${FORMAT.version}: update the skill`,
    )
  if (project === undefined || exported_at === undefined || tables === undefined)
    throw new ImportRefused('its head is not whole')
  return { project, exported_at, tables }
}

function parsed(line: string): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // survived: it is told as what it is
  }
  throw new ImportRefused(
    `it is cut off or no export: ${JSON.stringify(line.slice(0, 40))} is no line of one`,
  )
}

/** What stands behind the last line break is a line too; one that is longer than any row is none. */
function* linesOf(path: string): Generator<string> {
  const file = fs.openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK)
    let rest = Buffer.alloc(0)
    for (let read = fs.readSync(file, chunk); read > 0; read = fs.readSync(file, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)])
      let from = 0
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
        yield bytes.toString('utf8', from, end)
        from = end + 1
      }
      rest = bytes.subarray(from)
      if (rest.length > LONGEST_LINE) throw new ImportRefused('it is no export: a line of it has no end')
    }
    if (rest.length > 0) yield rest.toString('utf8')
  } finally {
    fs.closeSync(file)
  }
}

const LONGEST_LINE = 64 * CHUNK
