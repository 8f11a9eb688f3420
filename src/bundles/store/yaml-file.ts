/** YAML files as they are written: new in the published style, or edited without losing a word. */
import type { RawMap } from '../model/raw.ts'
import type { Changes } from '../model/ticket-moves.ts'
import { editDocument, editValue, type Edit } from './yaml-edit.ts'
import type { YamlFile } from './yaml-source.ts'
import { renderDocument } from './yaml-write.ts'

/** What is to be written: the text, and what it will be read as. */
export interface Content {
  readonly text: string
  readonly value: unknown
}

/** A new file. */
export const renderYaml = (value: RawMap): Content => ({ text: renderDocument(value), value })

/** The file with these fields set, and `entries` added to the lists of those names. All else is kept. */
export function editYaml(
  file: YamlFile,
  changes: Changes,
  entries: RawMap = {},
  order: Edit['order'] = 'append',
): Content {
  return reviseYaml(file, editValue(file.value, { changes, entries, order }))
}

/** The file with this value in place of its own: the lines of all that stays the same stay the same. */
export function reviseYaml(file: YamlFile, value: RawMap, nameOf?: (entry: unknown) => string): Content {
  const revision = { before: file.value, after: value, ...(nameOf === undefined ? {} : { nameOf }) }
  return { text: editDocument(file.text(), revision), value }
}
