/** What create-bundle takes up of another bundle, and whether somebody has taken it up before. */
import { OperationError } from '../../../operation/errors.ts'
import type { BundleContext } from '../../context.ts'
import { readCarryover, type CarriedTicket } from '../../model/carryover-tickets.ts'
import { numberOf, type BundleId } from '../../model/ids.ts'
import { mapOf, textOf, type RawMap } from '../../model/raw.ts'
import { ticketCache } from '../../store/caches.ts'
import { carryoverFile, listBundleIds, listTicketIds, ticketFile } from '../../store/layout.ts'
import { readYamlFile } from '../../store/yaml-source.ts'

/** The tickets to take up, to be numbered after `offset` others. Throws CARRYOVER_MISSING or FILE_UNREADABLE. */
export function inherited(context: BundleContext, from: BundleId, offset: number): readonly CarriedTicket[] {
  const file = readYamlFile(carryoverFile(context, from))
  if (file === undefined)
    throw new OperationError('CARRYOVER_MISSING', `${from} has no carryover.yaml`, { bundle: from })
  if (!file.ok) throw new OperationError('FILE_UNREADABLE', `${carryoverFile(context, from)}: ${file.reason}`)
  if (!Array.isArray(mapOf(file.value.value)?.carryover))
    throw new OperationError('FILE_UNREADABLE', `${file.value.path}: it holds no list named carryover`)
  const origins = new Map(filesOfTickets(context, from))
  return readCarryover(file.value.value, { origins, offset })
}

/** Warns of bundles that hold these tickets already; only a younger bundle can. */
export function warnOfTakers(
  context: BundleContext,
  from: BundleId,
  carried: readonly CarriedTicket[],
): void {
  const origins = new Set(carried.map(({ carryover_from }) => carryover_from))
  const younger = listBundleIds(context).filter((id) => numberOf(id) > numberOf(from))
  const takers = younger.flatMap((id) => {
    const taken = filesOfTickets(context, id).flatMap(([, map]) => textOf(map.carryover_from) ?? [])
    const again = taken.filter((origin) => origins.has(origin))
    return again.length === 0 ? [] : [`${id} took up ${again.slice(0, 10).join(', ')} already`]
  })
  if (takers.length > 0)
    context.warn(
      `--carryover ${from}: ${takers.slice(0, 5).join('; ')}: the same work then stands in two bundles`,
    )
}

/** The files of a bundle's tickets as far as they can be read. */
function filesOfTickets(context: BundleContext, bundle: BundleId): readonly (readonly [string, RawMap])[] {
  const cache = ticketCache(context, bundle)
  const files = listTicketIds(context, bundle).flatMap((id) => {
    const file = readYamlFile(ticketFile(context, bundle, id), cache)
    const map = file?.ok === true ? mapOf(file.value.value) : undefined
    return map === undefined ? [] : [[id, map] as const]
  })
  cache.save()
  return files
}
