/** Mends the text of files that the published tool is known to have broken (contracts: filesystem section 10, W7). */

/**
 * Lines of a description that were not indented are, and texts in quotes that hold quotes are quoted anew where `broken`
 * says that the file cannot be read. Undefined when there is nothing of that kind to mend.
 */
export function mendPublished(text: string, broken: boolean): string | undefined {
  const lines = text.split('\n')
  const head = lines.findIndex((line) => /^description: \|[-+]?$/.test(line))
  const end = lines.findLastIndex((line) => /^acceptance_criteria:/.test(line))
  const [from, to] = head === -1 || end <= head ? [0, 0] : [head + 1, end]
  const around = (part: readonly string[]): readonly string[] => (broken ? part.map(requote) : part)
  const parts = [around(lines.slice(0, from)), indented(lines.slice(from, to)), around(lines.slice(to))]
  const mended = parts.flat().join('\n')
  return mended === text ? undefined : mended
}

/** The tool indented the first line only: what follows, up to the criteria, was the text as it was given. */
function indented(description: readonly string[]): readonly string[] {
  const [first, ...rest] = description
  const isIndented = (line: string): boolean => line === '' || line.startsWith('  ')
  if (first === undefined || rest.every(isIndented)) return description
  const within = (line: string): string => (line === '' ? line : `  ${line}`)
  return [isIndented(first) ? first : within(first), ...rest.map(within)]
}

/** A line `key: "text"` or `- "text"` whose text has a quote or a backslash that nobody escaped. */
function requote(line: string): string {
  const [, head = '', inner] = /^(\s*(?:- )?(?:[a-z_]+: )?)"(.*)"$/.exec(line) ?? []
  return inner === undefined || isQuotedWell(inner) ? line : `${head}${JSON.stringify(inner)}`
}

function isQuotedWell(inner: string): boolean {
  try {
    JSON.parse(`"${inner}"`)
    return true
  } catch {
    return false // survived: that it is none is the answer
  }
}
