/** What a command could cost at the least: scripts that do next to nothing, timed beside ours. Budgets are not about them. */
import { mkdirSync, writeFileSync } from 'node:fs'
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
  writeFileSync(join(folder, 'look.cjs'), LOOK)
  mkdirSync(join(folder, 'tickets'))
  for (let number = 1; number <= 1000; number += 1)
    writeFileSync(join(folder, `tickets/TKT-${String(number).padStart(3, '0')}.yaml`), 'status: "open"\n')
  await bundleYamlScript(folder)
  return [
    { name: 'bash -c true', command: { program: 'bash', args: ['-c', 'true'], cwd: folder } },
    { name: 'empty .cjs', command: script('empty.cjs') },
    { name: 'look at 1,000 files .cjs', command: script('look.cjs') },
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

/** What whoever trusts the files alone must do before saying which of a thousand tickets is the best one. */
const LOOK = `const { readdirSync, statSync } = require('node:fs')
const folder = __dirname + '/tickets/'
let size = 0
for (const name of readdirSync(folder)) size += statSync(folder + name).size
`

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
