/** The hash of a file, in flat memory. */
import type { Hash } from 'node:crypto'
import * as fs from 'node:fs'
import { FileRefused, FileTooLarge } from './files.ts'

export interface FileHash {
  /** In hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
}

/** Throws FileRefused for what is no ordinary file, and FileTooLarge, without reading, above `maxBytes`. */
export async function hashFile(path: string, maxBytes: number): Promise<FileHash> {
  const { createHash } = await import('node:crypto') // takes 6 ms to load
  const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK) // a pipe would wait for its writer
  try {
    const found = fs.fstatSync(file)
    if (found.isDirectory()) throw new FileRefused('EISDIR', path, 'it is a folder')
    if (!found.isFile()) throw new FileRefused('ESTALE', path, 'it is no ordinary file')
    if (found.size > maxBytes) throw new FileTooLarge(path, found.size, maxBytes)
    return hashOpen(file, found.size, createHash('sha256'))
  } finally {
    fs.closeSync(file)
  }
}

/** Of so many bytes at most: what is added while it is read is not waited for. */
function hashOpen(file: number, size: number, hash: Hash): FileHash {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  for (let bytes = 0; ;) {
    const read = fs.readSync(file, chunk, 0, Math.min(chunk.length, size - bytes), bytes)
    if (read === 0) return { sha256: hash.digest('hex'), bytes }
    hash.update(chunk.subarray(0, read))
    bytes += read
  }
}

const CHUNK_BYTES = 1024 * 1024
