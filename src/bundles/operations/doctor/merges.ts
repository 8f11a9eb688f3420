/** What a merge of two branches leaves to people: files that both wrote, and tickets that both added under one id. */
import { relative } from 'node:path'
import type { BundleContext } from '../../context.ts'
import type { HistoryEvent } from '../../model/history-event.ts'
import { sidesOf } from '../../model/merge-sides.ts'
import { mapOf, textOf, type RawMap } from '../../model/raw.ts'
import { ATTRIBUTES, attributesFile } from '../../store/layout.ts'
import { reviseYaml } from '../../store/yaml-file.ts'
import { readDocument } from '../../store/yaml-read.ts'
import { readTextIfPresent } from '../../../system/files.ts'
import type { FileRepair, Finding } from './finding.ts'

/** Where a ticket goes that has the id of another, and the event of one that is added there. */
export interface FreePlace {
  readonly id: string
  readonly path: string
  /** Under which no other takes the id. */
  readonly lock: string
  readonly event: HistoryEvent
}

interface Merged {
  readonly path: string
  readonly text: string
  /** Absent for what cannot simply have another id. */
  readonly freePlace?: (() => FreePlace) | undefined
  readonly again: () => Finding | undefined
}

/** Undefined for a text without the markers of git. */
export function checkMerged(context: BundleContext, merged: Merged): Finding | undefined {
  const sides = sidesOf(merged.text)
  if (sides === undefined) return undefined
  const file = relative(context.root, merged.path)
  const keepOne = `keep one of the two: git checkout --ours -- ${file} (or --theirs), then git add ${file}`
  const found = {
    ...{ check: 'merge-conflict', where: relative(context.store, merged.path), isFault: true },
    next: keepOne,
  }
  const [ours, theirs] = [mapIn(sides.ours), mapIn(sides.theirs)]
  if (ours === undefined || theirs === undefined)
    return { ...found, says: 'two branches both wrote it, and git left its marks in it' }
  if (textOf(ours.title) === textOf(theirs.title))
    return { ...found, says: `two branches both changed it: ${differing(ours, theirs).join(', ')}` }
  const says = `two branches have different ones under this id: "${textOf(ours.title) ?? ''}" and "${textOf(theirs.title) ?? ''}"`
  const place = merged.freePlace?.()
  if (place === undefined) return { ...found, says, next: `${keepOne}${OR_TWO}` }
  const repair = apart(merged, { sides, theirs, place })
  const next = `tkt doctor --repair, then git add ${file} and the new ticket beside it`
  return { ...found, says, next, repair }
}

const OR_TWO =
  '; it keeps the tickets of both. For two bundles: git merge --abort, then make one again under a free id'

const mapIn = (text: string): RawMap | undefined => {
  const read = readDocument(text)
  return read.ok ? mapOf(read.value) : undefined
}

const differing = (ours: RawMap, theirs: RawMap): readonly string[] =>
  [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (key) => JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]),
  )

interface Halves {
  readonly sides: { readonly ours: string; readonly theirs: string }
  readonly theirs: RawMap
  readonly place: FreePlace
}

/** Ours keeps the id. Theirs is told by the history as added anew, in the state that it has. */
function apart({ path, again }: Merged, { sides, theirs, place }: Halves): FileRepair {
  const { id, lock, event } = place
  const file = { path, value: theirs, stamp: undefined, text: () => sides.theirs }
  const fields = { ...event.fields, title: textOf(theirs.title), to: textOf(theirs.status) }
  return {
    says: `ours stays, theirs becomes ${id}; see whether depends_on of their tickets means it`,
    lock,
    creations: { [place.path]: reviseYaml(file, { ...theirs, id }) },
    files: { [path]: { text: sides.ours, value: mapIn(sides.ours) } },
    events: [{ ...event, fields }],
    again,
  }
}

/** Without it git leaves every merge of two histories to people. */
export function checkAttributes(context: BundleContext): readonly Finding[] {
  const path = attributesFile(context)
  const text = readTextIfPresent(path) ?? ''
  if (/^\/?history\.log\s(?:.*\s)?merge=union\s*$/m.test(text)) return []
  const added = `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${ATTRIBUTES}`
  return [
    {
      check: 'no-union-merge',
      where: '.gitattributes',
      says: 'git is not told to keep the lines of both histories when it merges',
      isFault: false,
      repair: {
        says: `add the line: ${ATTRIBUTES.trimEnd()}`,
        lock: 'roadmap',
        files: { [path]: { text: added, value: added } },
        again: () => checkAttributes(context)[0],
      },
    },
  ]
}
