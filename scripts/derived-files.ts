/** Every file that is written from the table: its path from the project's root, and what it must hold. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DOCUMENTS } from '../src/bundles/model/documents.ts'
import {
  bundleLifecycle,
  expressLifecycle,
  roadmapLifecycle,
  ticketLifecycle,
} from '../src/bundles/model/lifecycles.ts'
import type { Lifecycle } from '../src/lifecycle.ts'
import { registry } from '../src/registry.ts'
import { completionFiles } from '../src/surfaces/completion.ts'
import { manifestHead, manifestText, type ListedOperation } from '../src/surfaces/manifest.ts'
import { lifecyclePage, mermaid, operationTable, referencePage } from '../src/surfaces/reference.ts'
import { schemaFiles } from '../src/surfaces/schemas.ts'
import { documentValidators, fieldValidators } from '../src/surfaces/validators.ts'
import { readerPrint } from './reader-print.ts'

const root = join(import.meta.dirname, '..')

/** Regions of hand-written pages are read from the pages as they are. */
export async function derivedFiles(): Promise<Readonly<Record<string, string>>> {
  const operations = await Promise.all(
    registry.map(async (row): Promise<ListedOperation> => ({ row, operation: await row.load() })),
  )
  return {
    'src/generated/fields.ts': fieldValidators(operations.map(({ operation }) => operation)),
    'src/generated/documents.ts': documentValidators({ bundle: DOCUMENTS.bundle, ticket: DOCUMENTS.ticket }),
    'src/generated/reader.ts': readerPrint(),
    'skill.json': manifestText(operations),
    'spec/reference.md': referencePage(operations),
    'spec/lifecycles.md': lifecyclePage(MACHINES),
    ...below('spec/schemas', schemaFiles(DOCUMENTS, operations)),
    ...below('dist/completion', completionFiles(operations)),
    'SKILL.md': withRegions('SKILL.md', {
      operations: operationTable(operations),
      manifest: `\`\`\`skill-manifest\n${JSON.stringify({ ...manifestHead(operations), operations: {} })}\n\`\`\``,
    }),
    'README.md': withRegions('README.md', {
      ticket: mermaid(anyMachine(ticketLifecycle)),
      bundle: mermaid(anyMachine(bundleLifecycle)),
      roadmap: mermaid(anyMachine(roadmapLifecycle)),
    }),
  }
}

/** A machine seen without its own words for states and events. */
const anyMachine = (machine: unknown): Lifecycle<string, string> => machine as Lifecycle<string, string>

const MACHINES = [ticketLifecycle, bundleLifecycle, expressLifecycle, roadmapLifecycle].map(anyMachine)

const below = (folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))

/** The page with what stands between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->` written anew. */
function withRegions(page: string, regions: Readonly<Record<string, string>>): string {
  return Object.entries(regions).reduce(
    (text, [name, content]) => {
      const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`]
      const [start, end] = [text.indexOf(open), text.indexOf(close)]
      if (start === -1 || end === -1) throw new Error(`${page} has no region ${name}`)
      return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`
    },
    readFileSync(join(root, page), 'utf8'),
  )
}
