/** Files that cannot be read, or that hold names of older trees. */
import { relative } from 'node:path'
import type { BundleContext } from '../../context.ts'
import { roleOf, type BundleId } from '../../model/ids.ts'
import { mendPublished } from '../../model/mend-yaml.ts'
import { OLDER_NAMES, withNamesOfToday } from '../../model/older-names.ts'
import type { Read } from '../../model/raw.ts'
import { readBundle } from '../../model/bundle.ts'
import { readExpress } from '../../model/express.ts'
import { readRoadmap } from '../../model/roadmap.ts'
import { readTicket } from '../../model/ticket.ts'
import {
  bundleFile,
  carryoverFile,
  expressFile,
  listBundleIds,
  listExpressIds,
  listTicketIds,
  reviewFile,
  roadmapFile,
  ticketFile,
} from '../../store/layout.ts'
import { freeExpressId, freeTicketId } from '../../store/numbering.ts'
import { reviseYaml } from '../../store/yaml-file.ts'
import { largestBytes, readYamlFile, type YamlFile } from '../../store/yaml-source.ts'
import { readDocument } from '../../store/yaml-read.ts'
import { FileRefused, readUtf8IfPresent } from '../../../system/files.ts'
import type { Finding } from './finding.ts'
import { checkMerged, type FreePlace } from './merges.ts'

/** One file of the store, and what it must hold. */
interface Known {
  readonly path: string
  readonly lock: string
  readonly read: (value: unknown) => Read<unknown>
  readonly names?: (typeof OLDER_NAMES)[keyof typeof OLDER_NAMES]
  readonly freePlace?: () => FreePlace
}

export function checkFiles(context: BundleContext): {
  readonly files: number
  readonly found: readonly Finding[]
} {
  const known = knownFiles(context)
  return { files: known.length, found: known.flatMap((file) => judge(context, file) ?? []) }
}

const anything = (value: unknown): Read<unknown> => ({ ok: true, value })

function knownFiles(context: BundleContext): readonly Known[] {
  const bundles = listBundleIds(context)
  return [
    { path: roadmapFile(context), lock: 'roadmap', read: readRoadmap },
    ...bundles.flatMap((id) => filesOf(context, id)),
    ...listExpressIds(context).map((id) => ({
      path: expressFile(context, id),
      lock: id,
      read: (value: unknown) => readExpress(id, value),
      names: OLDER_NAMES.express,
      freePlace: () => freeExpress(context),
    })),
  ]
}

const filesOf = (context: BundleContext, id: BundleId): readonly Known[] => [
  {
    path: bundleFile(context, id),
    lock: id,
    read: (value) => readBundle(id, value),
    names: OLDER_NAMES.bundle,
  },
  ...listTicketIds(context, id).map((ticket) => ({
    path: ticketFile(context, id, ticket),
    lock: id,
    read: (value: unknown) => readTicket(ticket, value),
    names: OLDER_NAMES.ticket,
    ...(roleOf(ticket) === 'worker' ? { freePlace: () => freeWorker(context, id) } : {}),
  })),
  { path: reviewFile(context, id), lock: id, read: anything },
  { path: carryoverFile(context, id), lock: id, read: anything },
]

function freeExpress(context: BundleContext): FreePlace {
  const id = freeExpressId(context)
  const event = { event: 'EXPRESS_CREATED', fields: { ticket: id } } as const
  return { id, path: expressFile(context, id), lock: 'express', event }
}

function freeWorker(context: BundleContext, bundle: BundleId): FreePlace {
  const id = freeTicketId(context, bundle, listTicketIds(context, bundle))
  const event = { event: 'TICKET_ADDED', fields: { bundle, ticket: id } } as const
  return { id, path: ticketFile(context, bundle, id), lock: bundle, event }
}

/** Undefined when there is nothing to say of the file, or no file. */
function judge(context: BundleContext, known: Known): Finding | undefined {
  const file = readYamlFile(known.path)
  if (file === undefined) return undefined
  const found = { where: relative(context.store, known.path) }
  const again = (): Finding | undefined => judge(context, known)
  const text = file.ok ? file.value.text() : textOf(known.path)
  const { path, freePlace } = known
  const merged = text === undefined ? undefined : checkMerged(context, { path, text, freePlace, again })
  if (merged !== undefined) return merged
  const mended = text === undefined ? undefined : mendedText(text, !file.ok, known)
  if (mended !== undefined) {
    const says = 'indent the description and quote the texts, as the published tool should have'
    return {
      ...found,
      ...{ check: 'broken-description', isFault: true },
      says: file.ok ? 'lines of its description stand as fields of their own' : file.reason,
      repair: { says, lock: known.lock, files: { [known.path]: mended }, again },
    }
  }
  const reason = file.ok ? reasonOf(known.read(file.value.value)) : file.reason
  if (reason !== undefined && !(file.ok && isMeant(known, file.value)))
    return { ...found, check: 'unreadable', isFault: true, says: reason, next: NEXT }
  const renamed =
    file.ok && known.names !== undefined ? withNamesOfToday(file.value.value, known.names) : undefined
  if (!file.ok || renamed === undefined) return undefined
  return {
    ...found,
    ...{ check: 'older-names', isFault: false, says: 'has names of older trees' },
    repair: {
      says: renamed.says.join(', '),
      lock: known.lock,
      files: { [known.path]: reviseYaml(file.value, renamed.value) },
      again,
    },
  }
}

const NEXT = 'restore it from version control, or mend it by hand; nothing of it is read until then'
const reasonOf = (read: Read<unknown>): string | undefined => (read.ok ? undefined : read.reason)

/** Whether the names of today make it readable. */
function isMeant(known: Known, file: YamlFile): boolean {
  const renamed = known.names === undefined ? undefined : withNamesOfToday(file.value, known.names)
  return renamed !== undefined && known.read(renamed.value).ok
}

/** Undefined unless the text can be mended so that the file holds what it must. */
function mendedText(text: string, broken: boolean, known: Known) {
  const mended = mendPublished(text, broken)
  const read = mended === undefined ? undefined : readDocument(mended)
  if (mended === undefined || read?.ok !== true || !known.read(read.value).ok) return undefined
  return { text: mended, value: read.value }
}

function textOf(path: string): string | undefined {
  try {
    return readUtf8IfPresent(path, largestBytes(path))
  } catch (error) {
    if (error instanceof FileRefused) return undefined // survived: why it cannot be read is told already
    throw error
  }
}
