/** How the demo speaks: headings, commands as one types them, and what is worth reading of their answers. */
import picocolors from 'picocolors'
import { cut, wrap } from '../../src/surfaces/cli/views/text.ts'

export interface Stage {
  readonly heading: (text: string) => void
  /** A command as one would type it, and what one does not see in it. */
  readonly command: (words: readonly string[], remark?: string) => void
  readonly says: (text: string) => void
  /** A line of a table: cut, never broken. */
  readonly row: (text: string) => void
  /** A refusal that the rules foresee: shown, as it is half of what tkt is for. */
  readonly refuses: (text: string) => void
}

/** Where lines go, how wide they may be, and whether they may be coloured. */
export interface Screen {
  readonly write: (line: string) => void
  readonly columns: number
  readonly hasColors: boolean
}

/** A stage on a screen; it numbers the scenes. */
export function createStage({ write, columns, hasColors }: Screen): Stage {
  const colors = picocolors.createColors(hasColors)
  const width = columns - INDENT.length
  let scene = 0
  const say = (text: string, color = (line: string): string => line): void => {
    for (const line of wrap(text, width)) write(`${INDENT}${color(line)}`)
  }
  return {
    heading: (text) => {
      scene += 1
      write('')
      write(colors.bold(`${scene}. ${text}`))
    },
    command: (words, remark) => {
      const lines = typed(words, columns - 9)
      lines.forEach((line, index) => {
        const more = index === lines.length - 1 ? '' : ' \\'
        write(`   ${index === 0 ? colors.dim('$ ') : '    '}${colors.cyan(line)}${more}`)
      })
      if (remark !== undefined) write(`${INDENT}${colors.dim(`# ${remark}`)}`)
    },
    says: (text) => say(text),
    row: (text) => write(`${INDENT}${cut(text, width)}`),
    refuses: (text) => say(text, colors.yellow),
  }
}

const INDENT = ' '.repeat(5)

/** A stage whose lines are kept until `tell` says them: agents that work at the same time do not talk at the same time. */
export function createAside(screen: Screen) {
  const lines: string[] = []
  const stage = createStage({ ...screen, write: (line) => void lines.push(line) })
  const tell = (): void => {
    for (const line of lines.splice(0)) screen.write(line)
  }
  return { stage, tell }
}

/** The words as a shell takes them; a long command goes on in the next line, before an option or `&&`. */
function typed(words: readonly string[], width: number): readonly string[] {
  const parts: string[] = []
  for (const word of words) {
    if (parts.length === 0 || word.startsWith('--') || word === '&&') parts.push(quoted(word))
    else parts.push(`${parts.pop() ?? ''} ${quoted(word)}`)
  }
  const lines: string[] = []
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''} ${part}`
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(part)
  }
  return lines
}

const quoted = (word: string): string => (/^[\w@%+=:,./&-]+$/.test(word) ? word : JSON.stringify(word))
