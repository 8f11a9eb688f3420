/** Starts a project's store: the roadmap, the folder of bundles, the history. */
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { flag, text, word } from '../../operation/schema.ts'
import { makeDirectory } from '../../system/files.ts'
import type { BundleContext } from '../context.ts'
import { roadmapLifecycle } from '../model/lifecycles.ts'
import { roadmapDocument } from '../model/roadmap.ts'
import { bundlesFolder, roadmapFile } from '../store/layout.ts'
import { loadRoadmap } from '../store/reading.ts'
import { renderYaml } from '../store/yaml-file.ts'

export const initRoadmap = defineOperation({
  name: 'init-roadmap',
  summary: 'Start the store of a project: .tkt/ with a roadmap in stage planning.',
  capability: 'tkt-init',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    project: text('the name of the project'),
    force: Optional(flag('write a new roadmap over an existing one; bundles and history stay')),
    agent: Optional(word('who does it')),
  }),
  output: Fields({ roadmap_path: String(), project: String() }),
  errors: ['ROADMAP_EXISTS', 'LOCK_TIMEOUT'],
  positional: ['project'],
  examples: ['init-roadmap --project "URL shortener"'],
  run: async ({ project, force = false, agent }, context: BundleContext) => {
    context.allowNewStore()
    return context.locked('roadmap', async () => {
      const path = roadmapFile(context)
      if (!force && loadRoadmap(context).state !== 'absent') {
        throw new OperationError('ROADMAP_EXISTS', `${path} exists already`, { roadmap_path: path })
      }
      const now = context.now()
      makeDirectory(bundlesFolder(context))
      const files = { [path]: renderYaml(roadmapDocument(project, now)) }
      const event = { event: 'INIT', fields: { project, agent, to: roadmapLifecycle.initial } } as const
      await context.commit({ files, events: [event] }, now)
      return { roadmap_path: path, project }
    })
  },
})
