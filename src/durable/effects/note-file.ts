/** Finds and reads the note that people write tasks into. */
import { join } from 'node:path'
import { FileRefused, readUtf8IfPresent } from '../../system/files.ts'

export interface NoteFile {
  readonly path: string
  readonly resolution: 'RESOLVED_SINGLE_PATH' | 'NOT_FOUND' | 'NOT_READABLE'
  /** Empty where it cannot be read. */
  readonly text: string
  /** Why it cannot be read. */
  readonly refused?: string
}

/** Never fails: a note that is not there, or cannot be read, is no reason to give nobody work. */
export function readNoteFile(root: string, place: string): NoteFile {
  const path = join(root, place)
  try {
    const text = readUtf8IfPresent(path, LARGEST_NOTE)
    if (text === undefined) return { path, resolution: 'NOT_FOUND', text: '' }
    // No database keeps these, and no person writes them.
    if (text.includes('\0'))
      return { path, resolution: 'NOT_READABLE', text: '', refused: `${path}: it holds a NUL` }
    return { path, resolution: 'RESOLVED_SINGLE_PATH', text }
  } catch (error) {
    const isOfFile =
      error instanceof FileRefused || (error instanceof Error && 'code' in error && 'path' in error)
    if (!isOfFile) throw error
    return { path, resolution: 'NOT_READABLE', text: '', refused: error.message } // survived: told as a warning
  }
}

const LARGEST_NOTE = 5_000_000
