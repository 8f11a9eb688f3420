/** Help as commander writes it, from the same table as everything else. Loaded only when somebody asks. */
import { Command, Option as CommanderOption } from 'commander'
import { KINDS } from '../../operation/errors.ts'
import { flagOf, type Option } from '../../operation/input.ts'
import type { Row } from '../../registry/families.ts'
import { optionsFor } from './actions.ts'
import { GLOBAL_OPTIONS } from './arguments.ts'
import { hanging } from './views/fields.ts'
import { NARROWEST_TERMINAL, padded, wrapCommand } from './views/text.ts'

/** No help is wider, on a terminal of any width or off one. */
export const WIDEST_HELP = 100

/** Below this a description stands under its term instead of beside it. */
const NARROWEST_DESCRIPTION = 36

/** What is asked for; of `words` one may name an action, and then the help is of that action. */
export interface Question {
  readonly row?: Row | undefined
  readonly words?: readonly string[]
  readonly columns?: number
}

/** The help of one command, or of the program, at most `columns` wide. */
export async function helpText({ row, words = [], columns = WIDEST_HELP }: Question): Promise<string> {
  const width = Math.max(NARROWEST_TERMINAL, Math.min(columns, WIDEST_HELP))
  const { command, examples, notes } = row === undefined ? await program() : await commandOf(row, words)
  command.configureHelp({
    helpWidth: width,
    styleUsage: (usage) => hanging('       ', usage, width).join('\n').trimStart(),
    formatItem: (term, termWidth, description) => item(term, termWidth, description, width),
  })
  const shown = examples.flatMap((example) => wrapCommand(`tkt ${example}`, width - 2))
  const below = notes.flatMap(([mark, text]) => hanging(mark, text, width))
  return [command.helpInformation(), 'Examples:', ...shown.map((line) => `  ${line}`), ...below, ''].join(
    '\n',
  )
}

interface Help {
  readonly command: Command
  readonly examples: readonly string[]
  /** Texts below the examples, each behind a mark. */
  readonly notes: readonly (readonly [mark: string, text: string])[]
}

function item(term: string, termWidth: number, description: string, width: number): string {
  const isBeside = width - termWidth - 4 >= NARROWEST_DESCRIPTION
  const lines = isBeside
    ? hanging(`  ${padded(term, termWidth)}  `, description, width)
    : [`  ${term}`, ...hanging('      ', description, width)]
  return lines.join('\n')
}

/** The whole program: every operation with its summary. */
async function program(): Promise<Help> {
  const command = new Command('tkt')
    .usage('<command> [options]')
    .description(
      'Tickets for teams of coding agents: one winner per claim, evidence before done, an audit by somebody else, a review for people.',
    )
  const { registry } = await import('../../registry.ts')
  for (const row of registry) {
    const operation = await row.load()
    const aliases = row.aliases.length === 0 ? '' : ` (also: ${row.aliases.join(', ')})`
    command
      .command(row.cli)
      .description(operation.summary + aliases)
      .helpOption(false)
  }
  command
    .helpOption('--help', 'explain the program or a command')
    .version('', '--version', 'print the version')
  const examples = ['help claim', 'init-roadmap --project demo', 'create-bundle --source-plan plan.md']
  return { command, examples, notes: PROGRAM_NOTES }
}

const PROGRAM_NOTES: Help['notes'] = [
  ['', ''],
  ['', 'Exit codes:'],
  ['  0   ', 'done'],
  ['  1   ', 'the report says no, and --exit-code was given'],
  ...Object.entries(KINDS).map(
    ([kind, { exit, means }]) => [`  ${String(exit).padEnd(3)} `, `${kind}: ${means}`] as const,
  ),
  ['', ''],
  ['', 'The last line of every command is one JSON object.'],
]

async function commandOf(row: Row, words: readonly string[]): Promise<Help> {
  const operation = await row.load()
  const { options, action } = optionsFor(operation, words)
  const positional = (operation.positional ?? []).filter((name) =>
    options.some((option) => option.name === name),
  )
  const usage = [
    ...(action === undefined ? [] : [action]),
    ...positional.map((name) => `[${name}]`),
    '[options]',
  ]
  const command = new Command('tkt').command(row.cli).description(operation.summary).helpOption(false)
  command.usage(usage.join(' '))
  for (const option of [...options, ...GLOBAL_OPTIONS]) command.addOption(commanderOption(option))
  const isShown = (example: string): boolean =>
    action === undefined || example.startsWith(`${row.cli} ${action} `) || example === `${row.cli} ${action}`
  return { command, examples: operation.examples.filter(isShown), notes: [] }
}

function commanderOption(option: Option): CommanderOption {
  const value = option.kind === 'flag' ? '' : ` <${VALUE_WORDS[option.kind] ?? 'text'}>`
  const required = option.required ? ' (required)' : ''
  const made = new CommanderOption(`${flagOf(option.name)}${value}`, `${option.description}${required}`)
  return option.choices === undefined ? made : made.choices(option.choices)
}

const VALUE_WORDS: Readonly<Partial<Record<Option['kind'], string>>> = {
  path: 'path',
  list: 'a,b',
  integer: 'number',
  word: 'word',
  long_text: 'text|-',
  long_texts: 'text|-',
}
