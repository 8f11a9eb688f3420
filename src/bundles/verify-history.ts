/** Whether the history is as it was written: the log judged by itself, and against what the files of the store tell. */
import type { BundleContext } from './context.ts'
import { judgeTold, type KnownMove } from './model/history-told.ts'
import { judgeHistory, type HistoryVerdict } from './model/history-verdict.ts'
import { roleOf } from './model/ids.ts'
import { listOf, mapOf, textOf, type RawMap } from './model/raw.ts'
import { storeCache, ticketCache } from './store/caches.ts'
import {
  bundleFile,
  expressFile,
  listBundleIds,
  listExpressIds,
  listTicketIds,
  ticketFile,
} from './store/layout.ts'
import type { ParseCache } from './store/parse-cache.ts'
import { readHistory } from './store/reading.ts'
import { readYamlFile } from './store/yaml-source.ts'

export function verdictOn(context: BundleContext): HistoryVerdict {
  const moves = knownMoves(context)
  const log = readHistory(context) // after the files, as whoever writes now writes the line first
  const verdict = judgeHistory(log)
  return { ...verdict, problems: [...verdict.problems, ...judgeTold(log, moves)] }
}

/** What is known of files that can be read; those of older trees that keep no log of their moves say nothing. */
function knownMoves(context: BundleContext): readonly KnownMove[] {
  const store = storeCache(context)
  const bundles = listBundleIds(context).flatMap((id) => {
    const tickets = ticketCache(context, id)
    const moves = listTicketIds(context, id).flatMap((ticket) => {
      const move = lastMove(`${id}/${ticket}`, mapIn(ticketFile(context, id, ticket), tickets))
      // The two that a bundle is born with have no line of their own.
      return move === undefined || (move.to === undefined && roleOf(ticket) !== 'worker') ? [] : move
    })
    const isOurs = mapIn(bundleFile(context, id), store)?.audit_required !== undefined
    return [...(isOurs ? [{ subject: id }] : []), ...moves]
  })
  const express = listExpressIds(context).flatMap(
    (id) => lastMove(id, mapIn(expressFile(context, id), store)) ?? [],
  )
  return [...bundles, ...express]
}

function mapIn(path: string, cache: ParseCache): RawMap | undefined {
  const file = readYamlFile(path, cache)
  return file?.ok === true ? mapOf(file.value.value) : undefined
}

function lastMove(subject: string, map: RawMap | undefined): KnownMove | undefined {
  if (!Array.isArray(map?.transition_log)) return undefined
  const last = mapOf(listOf(map.transition_log).at(-1))
  const [to, at] = [textOf(last?.to), textOf(last?.timestamp)]
  return { subject, ...(to === undefined || at === undefined ? {} : { to, at }) }
}
