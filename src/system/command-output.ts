/** Listens to what a command prints: keeps the tails, counts the bytes, looks for a text - in flat memory. */

export interface CommandOutput {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Whether the text asked for stands in stdout followed by stderr; true when none was asked for. */
  readonly contains: () => boolean
}

export interface OutputStream {
  readonly take: (chunk: Uint8Array) => void
  readonly bytes: () => number
  /** The last 4,000 characters, printable, with a leading '…' when more was printed. */
  readonly tail: () => string
}

/** Starts listening; `find` is searched as UTF-8 bytes, so chunk borders inside a character do not matter. */
export function listenToOutput(find: string | undefined): CommandOutput {
  const sought = Buffer.from(find ?? '')
  const stdout = listenToStream(sought)
  const stderr = listenToStream(sought)
  const contains = (): boolean =>
    sought.length === 0 ||
    stdout.found() ||
    stderr.found() ||
    Buffer.concat([stdout.end(), stderr.start()]).includes(sought)
  return { stdout, stderr, contains }
}

interface SearchedStream extends OutputStream {
  readonly found: () => boolean
  /** The first and the last bytes, one fewer than the text sought: what a match across streams can use. */
  readonly start: () => Buffer
  readonly end: () => Buffer
}

function listenToStream(sought: Buffer): SearchedStream {
  const reach = Math.max(sought.length - 1, 0)
  const kept = keepTail()
  let bytes = 0
  let found = false
  let start: Buffer = Buffer.alloc(0)
  let end: Buffer = Buffer.alloc(0)
  return {
    take(chunk) {
      bytes += chunk.length
      kept.add(chunk)
      if (found || sought.length === 0) return
      const own = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) // no copy: much may be printed
      const border = Buffer.concat([end, own.subarray(0, reach)])
      found = own.includes(sought) || border.includes(sought)
      if (reach > 0) end = Buffer.concat([end, own.subarray(-reach)]).subarray(-reach)
      if (start.length < reach) start = Buffer.concat([start, chunk.subarray(0, reach - start.length)])
    },
    bytes: () => bytes,
    tail: () => printable(kept.read(), bytes),
    found: () => found,
    start: () => start,
    end: () => end,
  }
}

function keepTail(): { add: (chunk: Uint8Array) => void; read: () => Buffer } {
  const chunks: Uint8Array[] = []
  let held = 0
  return {
    add(chunk) {
      chunks.push(chunk)
      held += chunk.length
      while (held - (chunks[0]?.length ?? held) >= TAIL_BYTES) held -= chunks.shift()?.length ?? 0
    },
    read: () => Buffer.concat(chunks).subarray(-TAIL_BYTES),
  }
}

const TAIL_CHARACTERS = 4000
// Four bytes are the most that one character takes, and CR LF is shortened to LF.
const TAIL_BYTES = TAIL_CHARACTERS * 4

function printable(kept: Buffer, printedBytes: number): string {
  const cutBytes = printedBytes > kept.length
  const text = (cutBytes ? fromFirstCharacter(kept) : kept)
    .toString('utf8')
    .replaceAll('\r\n', '\n')
    .replace(NOT_FOR_YAML, '\uFFFD')
  if (!cutBytes && text.length <= TAIL_CHARACTERS) return text
  return `…${text.slice(-TAIL_CHARACTERS).replace(HALF_A_PAIR, '')}`
}

/** Drops the rest of a character whose beginning was cut off. */
function fromFirstCharacter(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80)
  return first > 0 && first < 4 ? bytes.subarray(first) : bytes
}

// C0 and C1 control characters and DEL except tab and newline, and the two code points that are no characters.
const NOT_FOR_YAML = /[\0-\x08\x0b-\x1f\x7f-\x9f\uFFFE\uFFFF]/g
const HALF_A_PAIR = /^[\uDC00-\uDFFF]/
