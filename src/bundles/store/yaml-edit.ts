/**
 * Edits of YAML files that leave every other character alone: what a file holds is compared with what it is to hold, and
 * only where the two differ is anything written.
 */
import { mapOf, type RawMap } from '../model/raw.ts'
import type { Changes } from '../model/ticket-moves.ts'
import { editPlainly } from './yaml-edit-plain.ts'
import { editTree } from './yaml-edit-tree.ts'
import { renderDocument } from './yaml-write.ts'

/** Fields to set by dotted path, and entries to add to the lists of those names. */
export interface Edit {
  readonly changes: Changes
  readonly entries: RawMap
  readonly order: 'append' | 'prepend'
}

/** What a file holds, and what it is to hold. */
export interface Revision {
  readonly before: unknown
  /** A field that is undefined is taken out. */
  readonly after: RawMap
  /** Entries of a list that have the same name are one and the same, changed; without this only equal ones are. */
  readonly nameOf?: (entry: unknown) => string
}

/** The text with the revision carried out, all else kept. */
export const editDocument = (text: string, revision: Revision): string =>
  writeAnew(text, revision) ?? editPlainly(text, revision) ?? editTree(text, revision)

/** A file that stands as we would write it needs no parser: written anew, it differs where the values do. */
function writeAnew(text: string, { before, after }: Revision): string | undefined {
  const map = mapOf(before)
  return map !== undefined && renderDocument(map) === text ? renderDocument(after) : undefined
}

/** What a file holds once the edit is carried out. */
export function editValue(value: unknown, { changes, entries, order }: Edit): RawMap {
  let edited: RawMap = mapOf(value) ?? {}
  for (const [path, field] of Object.entries(changes)) edited = withField(edited, path.split('.'), field)
  for (const [name, entry] of Object.entries(entries)) {
    const list: readonly unknown[] = Array.isArray(edited[name]) ? edited[name] : []
    edited = { ...edited, [name]: order === 'append' ? [...list, entry] : [entry, ...list] }
  }
  return edited
}

function withField(map: RawMap, [name = '', ...deeper]: readonly string[], value: unknown): RawMap {
  return { ...map, [name]: deeper.length === 0 ? value : withField(mapOf(map[name]) ?? {}, deeper, value) }
}
