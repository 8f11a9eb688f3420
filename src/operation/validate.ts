/** Holds an input to its schema, field by field, by generated validators (ajv standalone): one a kind of field, for all operations. */
import type { TObject } from 'typebox'
import { invalid } from './input.ts'
import type { OperationError } from './errors.ts'
import { FORM, fieldKey } from './schema.ts'
import { FIELDS } from '../generated/fields.ts'

/** The part of ajv's error objects that the messages need; what is of the field itself tells no place. */
interface SchemaError {
  readonly instancePath?: string
  readonly keyword: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly message?: string
}

/** A validator as `npm run generate` writes it. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly SchemaError[] | null
}

/**
 * Undefined when every field of `input` fits its schema, else INPUT_INVALID about the first that does not. That all
 * fields are known, and none is missing, the normaliser has seen to.
 */
export function judgeInput(
  schema: TObject,
  input: Readonly<Record<string, unknown>>,
  validators: Readonly<Record<string, Validator>> = FIELDS,
): OperationError | undefined {
  for (const [name, value] of Object.entries(input)) {
    const field = schema.properties[name]
    const validate = validators[fieldKey(field)]
    if (validate === undefined) throw new TypeError(`no validator of ${name}: run \`npm run generate\``)
    if (validate(value)) continue
    const [error] = validate.errors ?? []
    const index = error?.instancePath?.slice(1) ?? ''
    const found = index !== '' && Array.isArray(value) ? (value[Number(index)] as unknown) : value
    const form = (field as { readonly [FORM]?: string } | undefined)?.[FORM]
    return invalid(name, error === undefined ? 'is not valid' : ruleOf(error, form), found)
  }
  return undefined
}

function ruleOf({ keyword, params = {}, message }: SchemaError, form: string | undefined): string {
  if (keyword === 'pattern' && form !== undefined) return `must be ${form}`
  const words = RULES[keyword]
  return words === undefined ? (message ?? 'is not valid') : words(params)
}

const RULES: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as readonly string[]).join(', ')}`,
  maxLength: ({ limit }) => `must be at most ${String(limit)} characters long`,
  maxItems: ({ limit }) => `must have at most ${String(limit)} entries`,
  minimum: ({ limit }) => `must be at least ${String(limit)}`,
  maximum: ({ limit }) => `must be at most ${String(limit)}`,
  minLength: () => 'must not be empty',
}
