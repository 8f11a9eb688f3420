/** Turns what a generated validator (ajv standalone) says into one clear error. */
import type { TObject } from 'typebox'
import { invalid } from './input.ts'
import type { OperationError } from './errors.ts'
import { FORM } from './schema.ts'

/** The part of ajv's error objects that the messages need. */
interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/** A validator as `npm run generate` writes it. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly SchemaError[] | null
}

/** Undefined when `input` fits the schema that `validate` was generated from, else INPUT_INVALID about its first fault. */
export function judgeInput(
  validate: Validator,
  schema: TObject,
  input: Readonly<Record<string, unknown>>,
): OperationError | undefined {
  if (validate(input)) return undefined
  const error = validate.errors?.[0]
  const [field = '', index] = (error?.instancePath ?? '').slice(1).split('/')
  const value = input[field]
  const found = index !== undefined && Array.isArray(value) ? (value[Number(index)] as unknown) : value
  const form = (schema.properties[field] as { readonly [FORM]?: string } | undefined)?.[FORM]
  return invalid(
    field === '' ? 'input' : field,
    error === undefined ? 'is not valid' : ruleOf(error, form),
    found,
  )
}

function ruleOf({ keyword, params, message }: SchemaError, form: string | undefined): string {
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
