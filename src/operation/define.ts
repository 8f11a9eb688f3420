/** What an operation is. This folder knows no operation by name. */
import type { Static, TObject } from 'typebox'
import type { ErrorName } from './errors.ts'

/** What an operation does to the world; the manifest's words. */
export type Effect = 'fs.read' | 'fs.write' | 'git.read' | 'git.write' | 'proc.exec' | 'db.read' | 'db.write'

export interface Operation<
  Input extends TObject = TObject,
  Output extends TObject = TObject,
  Context = unknown,
> {
  /** As in skill.json. */
  readonly name: string
  /** One sentence for help, manifest and reference. */
  readonly summary: string
  /** The manifest's capability tag. */
  readonly capability: string
  readonly effects: readonly Effect[]
  readonly input: Input
  readonly output: Output
  /** Of a report: the field of the answer that is false for a no, which `--exit-code` turns into exit code 1. */
  readonly verdict?: keyof Static<Output> & string
  /** The failures it may end in, besides the universal ones. */
  readonly errors: readonly ErrorName[]
  /** The inputs that may be given without their option's name, in order. */
  readonly positional?: readonly (keyof Static<Input> & string)[]
  /** A procedure in scripts/ for agents. */
  readonly agent?: string
  /** Commands as one types them, without the program's name. */
  readonly examples: readonly string[]
  readonly run: (input: Static<Input>, context: Context) => Promise<Static<Output>>
}

/** Types an operation's definition; adds nothing at run time. */
export const defineOperation = <Input extends TObject, Output extends TObject, Context>(
  operation: Operation<Input, Output, Context>,
): Operation<Input, Output, Context> => operation
