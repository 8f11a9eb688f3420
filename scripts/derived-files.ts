/** Every file that is written from the table: its path, and what it must hold. */
import { DOCUMENTS } from '../src/bundles/model/documents.ts'
import { registry } from '../src/registry.ts'
import { documentValidators, validatorSource } from '../src/surfaces/validators.ts'

/** Paths are relative to the project's root. */
export async function derivedFiles(): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {}
  for (const row of registry) files[`src/generated/${row.name}.ts`] = validatorSource(await row.load())
  files['src/generated/documents.ts'] = documentValidators(DOCUMENTS)
  return files
}
