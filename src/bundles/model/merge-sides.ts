/** What git leaves in a file that two branches both wrote: the lines of each, between markers. */

export interface Sides {
  readonly ours: string
  readonly theirs: string
}

/** The file as each branch has it; undefined for a text without a whole set of markers at the start of lines. */
export function sidesOf(text: string): Sides | undefined {
  const ours = text.replaceAll(CONFLICT, '$1')
  return ours === text ? undefined : { ours, theirs: text.replaceAll(CONFLICT, '$2') }
}

/** Where git is configured so, the lines that both came from stand between the two. */
const CONFLICT = /^<{7} [^\n]*\n([^]*?)(?:^\|{7}[^\n]*\n[^]*?)?^={7}\r?\n([^]*?)^>{7} [^\n]*(?:\n|$(?![^]))/gm
