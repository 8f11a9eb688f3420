/** The known word that was probably meant. */

/** The closest of `words` by edits, or undefined when none is close; one that has no letter in common is not. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const short = word.slice(0, 60)
  const ranked = words
    .map((known) => ({ known, edits: distance(short, known) }))
    .filter(({ known, edits }) => edits < known.length)
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits <= Math.max(2, Math.floor(best.known.length / 3))
    ? best.known
    : undefined
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
