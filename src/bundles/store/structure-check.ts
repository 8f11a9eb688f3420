/** The built-in structural check: every file of a bundle can be read and has the shape its schema asks for. */
import { relative } from 'node:path'
import { validateBundle, validateTicket } from '../../generated/documents.ts'
import type { BundleId } from '../model/ids.ts'
import { bundleFile, listTicketIds, ticketFile, type StorePlace } from './layout.ts'
import { loadBundles, loadBundle, loadTicket, type Stored } from './reading.ts'

interface DocumentValidator {
  (value: unknown): boolean
  errors?: readonly { readonly instancePath?: string; readonly message?: string }[] | null
}

export interface StructureReport {
  /** Faults of the bundle itself. */
  readonly problems: readonly string[]
  /** Faults of other bundles: told, but no reason to keep this one open. */
  readonly elsewhere: readonly string[]
}

export function checkStructure(place: StorePlace, bundle: BundleId): StructureReport {
  const files = [
    {
      path: bundleFile(place, bundle),
      stored: loadBundle(place, bundle),
      validate: validateBundle as DocumentValidator,
    },
    ...listTicketIds(place, bundle).map((id) => ({
      path: ticketFile(place, bundle, id),
      stored: loadTicket(place, bundle, id),
      validate: validateTicket as DocumentValidator,
    })),
  ]
  const problems = files.flatMap(({ path, stored, validate }) => {
    const problem = problemOf(stored, validate)
    return problem === undefined ? [] : [`${relative(place.store, path)}: ${problem}`]
  })
  const elsewhere = loadBundles(place).unreadable.filter(({ id }) => id !== bundle)
  return { problems, elsewhere: elsewhere.map(({ id, reason }) => `${id}: ${reason}`) }
}

function problemOf(stored: Stored<unknown>, validate: DocumentValidator): string | undefined {
  if (stored.state === 'absent') return 'the file is missing'
  if (stored.state === 'unreadable') return stored.reason
  if (validate(stored.file.value)) return undefined
  const [error] = validate.errors ?? []
  return `${error?.instancePath?.slice(1).replaceAll('/', '.') ?? ''} ${error?.message ?? 'has the wrong shape'}`.trim()
}
