/** Help as commander writes it, from the same table as everything else. Loaded only when somebody asks. */
import { Command, Option as CommanderOption } from 'commander'
import { KINDS } from '../../operation/errors.ts'
import { flagOf, optionsOf, type Option } from '../../operation/input.ts'
import { registry, type Row } from '../../registry.ts'
import { GLOBAL_OPTIONS } from './arguments.ts'

/** The help of one command, or of the program. */
export async function helpText(row: Row | undefined): Promise<string> {
  const command = row === undefined ? await program() : await commandOf(row, new Command('tkt'))
  return command.configureHelp({ helpWidth: 100 }).helpInformation() + after(row, await examplesOf(row))
}

/** The whole program: every operation with its summary. */
async function program(): Promise<Command> {
  const root = new Command('tkt')
    .usage('<command> [options]')
    .description(
      'Tickets for teams of coding agents: one winner per claim, evidence before done, an audit by somebody else, a review for people.',
    )
  for (const row of registry) {
    const operation = await row.load()
    const aliases = row.aliases.length === 0 ? '' : ` (also: ${row.aliases.join(', ')})`
    root
      .command(row.cli)
      .description(operation.summary + aliases)
      .helpOption(false)
  }
  return root
    .helpOption('--help', 'explain the program or a command')
    .version('', '--version', 'print the version')
}

async function commandOf(row: Row, parent: Command): Promise<Command> {
  const operation = await row.load()
  const command = parent.command(row.cli).description(operation.summary).helpOption(false).usage('[options]')
  const positional = operation.positional ?? []
  if (positional.length > 0) command.usage(`${positional.map((name) => `[${name}]`).join(' ')} [options]`)
  for (const option of optionsOf(operation.input)) command.addOption(commanderOption(option))
  for (const option of GLOBAL_OPTIONS) command.addOption(commanderOption(option))
  return command
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
}

async function examplesOf(row: Row | undefined): Promise<readonly string[]> {
  return row === undefined
    ? ['help claim', 'init-roadmap --project demo', 'create-bundle --source-plan plan.md']
    : (await row.load()).examples
}

function after(row: Row | undefined, examples: readonly string[]): string {
  const shown = ['', 'Examples:', ...examples.map((example) => `  tkt ${example}`)]
  const codes = Object.entries(KINDS).map(
    ([kind, { exit, means }]) => `  ${String(exit).padEnd(3)} ${kind}: ${means}`,
  )
  const exits =
    row === undefined
      ? ['', 'Exit codes:', '  0   done', ...codes, '', 'The last line of every command is one JSON object.']
      : []
  return [...shown, ...exits, ''].join('\n')
}
