// Reads from a Markdown text what a link checker needs: links, headings and anchors set by hand.

const FENCE = /^(?:[\s>]|[-*+]\s|\d+[.)]\s)*(`{3,}(?!.*`)|~{3,})/
const CODE_SPAN = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g

/** Every way to write a link. The group of each pattern is the target. */
const LINK_FORMS = [
  /(?<!\\)\]\(\s*<([^<>]+)>/dg,
  /(?<!\\)\]\(\s*(?!<)((?:[^\s()]|\([^\s()]*\))+)/dg,
  /^ {0,3}\[(?!\^)[^\]]+\]:\s*<?([^\s>]+)/dg,
  /<(?:a|img)\s(?:[^>]*?\s)?(?:href|src)=["']([^"']+)["']/dgi,
]

const HEADING = /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const PARAGRAPH = /^ {0,3}(?!(?:[-*+>#]|\d+[.)])\s|\|)\S/
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/
const EXPLICIT_ANCHOR = /<[a-z](?:[^>]*?)\s(?:id|name)=["']([^"']+)["']/gi

/**
 * Reads one Markdown text. Fenced code and code spans are passed over: they hold examples, not links.
 *
 * `links` are `{ line, column, target }` in reading order; line and column count from 1 and point at the
 * target. `headings` are the source texts of the headings, `explicitAnchors` the ids of HTML elements.
 */
export function readMarkdown(markdown) {
  const lines = linesOutsideFences(markdown)
  const proseLines = lines.map(blankCodeSpans)
  return {
    links: proseLines.flatMap(linksOfLine),
    headings: lines.flatMap(headingsAt),
    explicitAnchors: proseLines.flatMap((line) =>
      [...line.matchAll(EXPLICIT_ANCHOR)].map((match) => match[1]),
    ),
  }
}

/** Keeps the number of lines, so that positions stay true: a line of fenced code becomes an empty one. */
function linesOutsideFences(markdown) {
  let openFence = ''
  return markdown.split(/\r?\n/).map((line) => {
    if (openFence === '') {
      openFence = FENCE.exec(line)?.[1] ?? ''
      return openFence === '' ? line : ''
    }
    if (closesFence(line, openFence)) openFence = ''
    return ''
  })
}

function closesFence(line, openFence) {
  const marks = line.replace(/^[\s>]+/, '').trimEnd()
  return marks.length >= openFence.length && marks === openFence[0].repeat(marks.length)
}

function blankCodeSpans(line) {
  return line.replace(CODE_SPAN, (span) => ' '.repeat(span.length))
}

function linksOfLine(line, index) {
  return LINK_FORMS.flatMap((form) => [...line.matchAll(form)])
    .map((match) => ({ line: index + 1, column: match.indices[1][0] + 1, target: match[1] }))
    .sort((one, other) => one.column - other.column)
}

function headingsAt(line, index, lines) {
  const marked = HEADING.exec(line)
  if (marked) return [marked[1]]
  const isUnderlined = PARAGRAPH.test(line) && UNDERLINE.test(lines[index + 1] ?? '')
  return isUnderlined ? [line.trim()] : []
}
