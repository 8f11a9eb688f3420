/** Splits the comma lists people write in a plan. */

/** Splits at any of the separators, but not inside double quotes or backticks, nor in a number such as 10,000. */
export function splitList(text: string, separators: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '"' || character === '`') index = Math.max(index, text.indexOf(character, index + 1))
    else if (separators.includes(character) && !isThousands(text, index)) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function isThousands(text: string, comma: number): boolean {
  return /^\d,\d{3}(?!\d)/.test(text.slice(Math.max(comma - 1, 0), comma + 5))
}
