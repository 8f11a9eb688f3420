/**
 * Standard output and standard error. Written straight to their files: node's own streams take 3 ms to make, an eighth of
 * a short command, so they are made for a terminal and for a reader that is slow.
 */
import { fstatSync, statSync, writeSync } from 'node:fs'
import { errorCode } from './files.ts'

export interface OutputStream {
  readonly isTerminal: boolean
  /** The width of the terminal, in characters; undefined for anything else. */
  readonly columns: number | undefined
  readonly write: (text: string) => void
}

/**
 * A reader that goes away early (`| head -1`) is no failure, and told to `onGone`; any other text that cannot be written is
 * told to `onLost`.
 */
export function outputStream(
  file: 1 | 2,
  onLost: (error: Error) => void,
  onGone: () => void = () => undefined,
): OutputStream {
  const tell = (error: unknown): void => {
    if (errorCode(error) === 'EPIPE') onGone()
    else onLost(error instanceof Error ? error : new Error(String(error)))
  }
  let made: NodeJS.WriteStream | undefined
  const stream = (): NodeJS.WriteStream =>
    (made ??= (file === 1 ? process.stdout : process.stderr).on('error', tell))
  const isTerminal = mayBeTerminal(file) && stream().isTTY
  return {
    isTerminal,
    columns: isTerminal ? stream().columns : undefined,
    write: (text) => {
      const rest = made === undefined ? writeNow(file, text, tell) : text
      if (rest.length > 0) stream().write(rest)
    },
  }
}

/** /dev/null is a character device as well, and no reason to make a stream. */
function mayBeTerminal(file: number): boolean {
  try {
    const told = fstatSync(file)
    return told.isCharacterDevice() && told.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev
  } catch {
    return false // survived: it is closed, and writing will tell
  }
}

/** What is still to be written: a pipe that another process made non-blocking takes only what fits. */
function writeNow(file: number, text: string, tell: (error: unknown) => void): string | Uint8Array {
  let rest: Uint8Array = Buffer.from(text)
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(file, rest))
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return rest // survived: the stream waits for the reader
    tell(error)
  }
  return ''
}
