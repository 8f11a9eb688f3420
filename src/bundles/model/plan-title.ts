/** Takes out of a ticket line what is not title: `[category]`, `(effort: 1h)`, `(depends on ...)`. */

export interface PlanTitle {
  readonly title: string
  readonly category?: string
  readonly effort_estimate?: string
  readonly depends_on: readonly string[]
}

const categories = [
  'visual-engineering',
  'ultrabrain',
  'deep',
  'quick',
  'explore',
  'librarian',
  'oracle',
  'build',
]

// Code spans are matched first so that nothing inside them is taken; `[build](...)` is a link, not a category.
// Parentheses may hold one inner level. Every branch is linear: none can match the same text in two ways.
const marks = new RegExp(
  ['`[^`]*`', `\\[(${categories.join('|')})\\](?!\\()`, '\\(([^()]*(?:\\([^()]*\\)[^()]*)*)\\)'].join('|'),
  'gi',
)
const unit = '\\s?(?:m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)'
const effort = new RegExp(
  `^(?:effort|estimate|time)(?:\\s*[:=]\\s*|\\s+)(~?\\d+(?:\\.\\d+)?(?:(?:${unit})?\\s?(?:-|–|to)\\s?\\d+(?:\\.\\d+)?)?${unit})$`,
  'i',
)
/** Outside parentheses it stays in the title. */
const effortInWords = new RegExp(
  `\\b(?:effort|estimate|time)(?:\\s*[:=]\\s*|\\s+)(~?\\d+(?:\\.\\d+)?${unit})\\b`,
  'i',
)
const dependency = /^(?:depends on|after|requires|blocked by)\b\s*:?(.+)$/is

// A regular expression keeps a way back for every group it passes: on a line of megabytes it would run out of stack.
const longestSearched = 100_000

/** Reads the text of a ticket line. Only the first category and effort are taken; text that means nothing here stays. */
export function readTitle(written: string): PlanTitle {
  if (written.length > longestSearched) return { title: written, depends_on: [] }
  const kept: string[] = []
  const depends_on: string[] = []
  let category: string | undefined
  let effort_estimate: string | undefined
  let start = 0
  for (const match of written.matchAll(marks)) {
    const [whole, word, phrase = ''] = match
    const amount = effort.exec(phrase.trim())?.[1]
    const prose = dependency.exec(phrase.trim())?.[1]?.trim()
    if (word !== undefined && category === undefined) category = word.toLowerCase()
    else if (amount !== undefined && effort_estimate === undefined) effort_estimate = amount
    else if (prose) depends_on.push(prose)
    else continue
    kept.push(written.slice(start, match.index))
    start = match.index + whole.length
  }
  effort_estimate ??= effortInWords.exec(written.replaceAll(/`[^`]*`/g, ''))?.[1]
  return {
    title: joinPieces([...kept, written.slice(start)]),
    ...(category === undefined ? {} : { category }),
    ...(effort_estimate === undefined ? {} : { effort_estimate }),
    depends_on,
  }
}

function joinPieces(pieces: readonly string[]): string {
  const words = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
  return words.map((piece, index) => (index === 0 || /^[,.;:!?]/.test(piece) ? piece : ` ${piece}`)).join('')
}
