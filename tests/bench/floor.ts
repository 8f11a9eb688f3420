/** What a command could cost at the least: scripts that do next to nothing, timed beside ours. Budgets are not about them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Command } from './measure.ts'

export interface Floor {
  readonly name: string
  readonly command: Command
}

/** Writes the scripts into `folder` and returns how to run them. */
export async function floors(folder: string, node: string): Promise<readonly Floor[]> {
  const script = (name: string): Command => ({ program: node, args: [join(folder, name)], cwd: folder })
  writeFileSync(join(folder, 'empty.cjs'), '')
  await bundleYamlScript(folder)
  return [
    { name: 'bash -c true', command: { program: 'bash', args: ['-c', 'true'], cwd: folder } },
    { name: 'empty .cjs', command: script('empty.cjs') },
    { name: 'yaml + parseArgs .cjs', command: script('yaml.cjs') },
  ]
}

/** The row of the start-up table: one small document parsed, edited and printed, arguments parsed, compile cache on. */
async function bundleYamlScript(folder: string): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  writeFileSync(join(folder, 'yaml-main.js'), YAML_MAIN)
  writeFileSync(join(folder, 'yaml-entry.js'), YAML_ENTRY)
  const bundle = await rolldown({
    input: { yaml: join(folder, 'yaml-entry.js') },
    platform: 'node',
    resolve: { alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') } },
  })
  await bundle.write({ dir: folder, format: 'cjs', entryFileNames: '[name].cjs', minify: true })
  await bundle.close()
}

const YAML_ENTRY = `import module from 'node:module'
module.enableCompileCache?.()
void import('./yaml-main.js')
`

const YAML_MAIN = `import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
const { values } = parseArgs({ args: ['--status', 'done'], options: { status: { type: 'string' } } })
const document = parseDocument('id: "TKT-001"\\nstatus: "open"\\nresult:\\n  summary: null\\nlog: []\\n')
document.set('status', values.status)
process.stdout.write(document.toString())
`
