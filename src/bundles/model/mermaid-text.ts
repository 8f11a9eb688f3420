/** Texts of people inside Mermaid diagrams. */
import { oneLine, shortened } from './markdown.ts'

/** One line of at most so many characters in which nothing means anything: all but letters, digits and `-_., ` is a code. */
export const mermaidText = (text: string, most: number): string =>
  shortened(oneLine(text), most).replaceAll(
    /[^\p{L}\p{M}\p{N}\-_., ]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  )
