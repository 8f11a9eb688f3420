/** The ids of tasks that have none in the note: made from their words, so that they stay when lines move. */
// Not node:crypto, which takes longer to load than a whole command should.
import { sha1 } from '@noble/hashes/legacy.js'
import { oneLine } from './words.ts'

/**
 * One id for each text, all different. Blanks and case do not count; the n-th of equal texts has an id of its own, so
 * adding, moving or removing other lines changes none.
 */
export function newTaskIds(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  const given = new Set<string>()
  return texts.map((text) => {
    const words = oneLine(text.normalize('NFC')).toLowerCase()
    let count = counts.get(words) ?? 0
    let id: string
    do {
      count += 1
      id = idOf(count === 1 ? words : `${words}#${count}`)
    } while (given.has(id))
    counts.set(words, count)
    given.add(id)
    return id
  })
}

function idOf(text: string): string {
  const digits = Buffer.from(sha1(Buffer.from(text))).toString('hex', 0, 4)
  return `TKT-NEW-${digits.toUpperCase()}`
}
