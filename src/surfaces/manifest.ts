/** skill.json: what a skill loader knows of us (contracts: skill-packaging sections 7 and 8). */
import type { TObject, TSchema } from 'typebox'
import packageFile from '../../package.json' with { type: 'json' }
import type { Effect, Operation } from '../operation/define.ts'
import { flagOf, optionsOf, type Option } from '../operation/input.ts'
import { requiredOf } from '../operation/schema.ts'
import type { Row } from '../registry/families.ts'

/** The capabilities of the published manifest, in its order; the operations of this program add theirs. */
const PUBLISHED_CAPABILITIES = [
  'tkt-init',
  'tkt-create-bundle',
  'tkt-claim',
  'tkt-update',
  'tkt-add',
  'tkt-status',
  'tkt-close',
  'tkt-review',
  'tkt-list',
  'tkt-express',
  'tkt-roadmap-transition',
  'tkt-roadmap-status',
  'tkt-intake',
  'tkt-claim-db',
  'tkt-block',
  'tkt-close-db',
  'tkt-check-open',
  'tkt-claim-summary',
  'tkt-session-loop',
  'tkt-refresh-new',
  'tkt-refresh-inbox',
  'tkt-startup-flow',
  'tkt-integrator-closure',
  'tkt-check-scope',
  'pm-interpret',
  'pm-roadmap',
] as const

const EFFECTS: readonly Effect[] = [
  'fs.read',
  'fs.write',
  'git.read',
  'git.write',
  'db.read',
  'db.write',
  'proc.exec',
]

export interface ListedOperation {
  readonly row: Row
  readonly operation: Operation
}

/** What stands at the top of skill.json, and in the short fence of SKILL.md. */
export function manifestHead(operations: readonly ListedOperation[]) {
  const own = operations.map(({ operation }) => operation.capability)
  const used = new Set(operations.flatMap(({ operation }) => operation.effects))
  return {
    schema_version: '2.0',
    id: packageFile.name,
    version: packageFile.version,
    capabilities: [...new Set([...PUBLISHED_CAPABILITIES, ...own])],
    effects: EFFECTS.filter((effect) => used.has(effect)),
  }
}

/** The whole manifest. */
export function manifest(operations: readonly ListedOperation[]) {
  return {
    ...manifestHead(operations),
    operations: Object.fromEntries(operations.map((listed) => [listed.operation.name, entryOf(listed)])),
    stdout_contract: {
      last_line_json: true,
      note: 'Success {"ok":true,...}, failure {"ok":false,"error","error_code","message","hint",...}; exit codes 0, 1 a report says no (under --exit-code), 2 usage, 3 missing, 4 conflict, 5 refused, 6 unavailable, 70 internal.',
    },
  }
}

/** The text of skill.json: a line a capability list, a line an operation, so that a change shows as a line. */
export function manifestText(operations: readonly ListedOperation[]): string {
  const { operations: entries, ...rest } = manifest(operations)
  const lines = Object.entries(entries).map(
    ([name, entry]) => `  ${JSON.stringify(name)}: ${JSON.stringify(entry)}`,
  )
  const fields = Object.entries(rest).map(
    ([name, value]) => ` ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  )
  return `{\n${fields.join(',\n')},\n "operations": {\n${lines.join(',\n')}\n }\n}\n`
}

function entryOf({ row, operation }: ListedOperation) {
  const options = optionsOf(operation.input)
  const argv = [
    'node',
    '{skill_dir}/dist/tkt.cjs',
    row.cli,
    ...options.map(({ name }) => `${flagOf(name)}={${name}}`),
  ]
  return {
    description: operation.summary,
    input: Object.fromEntries(options.map((option) => [option.name, parameterOf(option)])),
    output: { description: 'One JSON object.', ...fieldsOf(operation.output) },
    effects: operation.effects,
    entrypoints: {
      unix: argv,
      windows: argv,
      ...(operation.agent === undefined ? {} : { agent: operation.agent }),
    },
  }
}

/** A list is text to a loader: comma-separated, or a JSON array. What is not required does not say so, as published. */
const parameterOf = ({ kind, required, description }: Option) => ({
  type: kind === 'flag' ? 'boolean' : kind === 'integer' ? 'number' : 'string',
  ...(required ? { required } : {}),
  description: firstClause(description),
})

/** Loaders hand the whole manifest on; help and reference say the rest. */
const firstClause = (description: string): string => description.split('; ')[0] ?? description

function fieldsOf(output: TObject) {
  const entries = Object.entries(output.properties).map(([name, schema]) => [name, typeOf(schema)] as const)
  const isRequired = (name: string): boolean => requiredOf(output).includes(name)
  const optional = entries.filter(([name]) => !isRequired(name))
  return {
    fields: Object.fromEntries(entries.filter(([name]) => isRequired(name))),
    ...(optional.length === 0 ? {} : { optional_fields: Object.fromEntries(optional) }),
  }
}

function typeOf(schema: TSchema): string {
  const { type, anyOf } = schema as {
    readonly type?: string
    readonly anyOf?: readonly { readonly type?: string }[]
  }
  const name = type ?? anyOf?.map((choice) => choice.type).find((choice) => choice !== 'null') ?? 'object'
  return name === 'integer' ? 'number' : name
}
