/** A skill loader that runs operations out of skill.json, with the habits of real ones (contracts: skill-packaging 7). */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Value = string | number | boolean | readonly string[]
export type Inputs = Readonly<Record<string, Value>>

export interface ManifestOperation {
  readonly input: Readonly<Record<string, { readonly type: string; readonly required: boolean }>>
  readonly output: { readonly fields: Readonly<Record<string, string>> }
  readonly entrypoints: { readonly unix: readonly string[]; readonly windows: readonly string[] }
}

export interface Manifest {
  readonly operations: Readonly<Record<string, ManifestOperation>>
}

interface Habits {
  /** What an input that was not given becomes; undefined: the whole word is dropped. */
  readonly absent: (name: string) => string | undefined
  readonly inSkillFolder?: true
  readonly mergesStreams?: true
  /** Booleans as the loader's language writes them. */
  readonly booleans?: readonly ['False', 'True']
}

const literally = (name: string): string => `{${name}}`

export const STYLES = {
  'leaves placeholders as they are': { absent: literally },
  'fills in empty text': { absent: () => '' },
  'fills in None': { absent: () => 'None', booleans: ['False', 'True'] },
  'drops words': { absent: () => undefined },
  'merges the streams': { absent: literally, mergesStreams: true },
  'runs in the skill folder': { absent: literally, inSkillFolder: true },
} as const satisfies Record<string, Habits>

export interface Loaded {
  readonly code: number | null
  /** The answer as that loader finds it; undefined when it finds none. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  readonly output: string
}

export const manifestOf = (skill: string): Manifest =>
  JSON.parse(readFileSync(join(skill, 'skill.json'), 'utf8')) as Manifest

/** Runs operations of the skill for one project, always with the same habits. */
export function loaderOf(habits: Habits, skill: string, project: string) {
  const manifest = manifestOf(skill)
  return (name: string, inputs: Inputs): Loaded => {
    const template = manifest.operations[name]?.entrypoints.unix
    if (template === undefined) throw new Error(`skill.json has no operation ${name}`)
    const [program = '', ...words] = template.flatMap((word) =>
      filled(word, habits, { ...inputs, skill_dir: skill }),
    )
    const merged = ['sh', '-c', 'exec "$@" 2>&1', 'sh', program, ...words] as const
    const [first, ...rest] = habits.mergesStreams === true ? merged : [program, ...words]
    const { status, stdout } = spawnSync(first, rest, {
      cwd: habits.inSkillFolder === true ? skill : project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return {
      code: status,
      json: habits.mergesStreams === true ? lastLine(stdout) : onlyLine(stdout),
      output: stdout,
    }
  }
}

/** One word of the template with its placeholders replaced once; none when a word is dropped. */
function filled(word: string, habits: Habits, inputs: Inputs): readonly string[] {
  const names = [...word.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const texts = new Map(names.map((name) => [name, textOf(inputs[name], habits) ?? habits.absent(name)]))
  if ([...texts.values()].includes(undefined)) return []
  return [word.replace(/\{(\w+)\}/g, (_, name: string) => texts.get(name) ?? '')]
}

function textOf(value: Value | undefined, { booleans }: Habits): string | undefined {
  if (typeof value === 'boolean') return booleans?.[value ? 1 : 0] ?? String(value)
  return value === undefined ? undefined : Array.isArray(value) ? value.join(',') : String(value)
}

function lastLine(output: string): Loaded['json'] {
  const line = output.split('\n').findLast((candidate) => candidate.trim() !== '') ?? ''
  return line.startsWith('{') ? (JSON.parse(line) as Loaded['json']) : undefined
}

function onlyLine(output: string): Loaded['json'] {
  return /^\{.*\}\n$/.test(output) ? (JSON.parse(output) as Loaded['json']) : undefined
}
