import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitProject } from '../support/project.ts'
import { skillFolder } from '../support/skill-folder.ts'
import { tkt } from '../support/tkt.ts'

/** The templates of the seed document's manifest, behind `bash {skill_dir}/scripts/tkt.sh`, and how each ends. */
const TEMPLATES = [
  ['init-roadmap --project {project}', 0, { project: 'Ada & co' }],
  ['create-bundle --goal {goal} --track {track} --source-plan {source_plan}', 0, { bundle_id: 'B-001' }],
  ['add --bundle {bundle} --title {title}', 0, { ticket_id: 'TKT-001', bundle: 'B-001' }],
  ['claim --bundle {bundle} --ticket {ticket} --agent {agent}', 0, { claimed: true, ticket: 'TKT-001' }],
  // Three templates leave out what their operation needs: refused with a reason, as nothing else can be done.
  ['update --bundle {bundle} --ticket {ticket} --status {status}', 5, { error_code: 'SK-TKT-030' }],
  ['express', 2, { error_code: 'SK-TKT-014' }],
  ['close --bundle {bundle}', 5, { error_code: 'SK-TKT-019' }],
  ['status --bundle {bundle}', 0, { bundle: 'B-001', main_agent: null }],
  ['list', 0, { bundles: [{ id: 'B-001', status: 'open', title: '--fast & lean' }] }],
  ['roadmap-transition --stage {stage} --reason {reason}', 0, { transition: 'planning→active' }],
  ['roadmap-status', 0, { stage: 'active', allowed_transitions: ['review', 'blocked', 'archived'] }],
  [
    'show --bundle {bundle}',
    0,
    { bundle: expect.objectContaining({ track: null, source_plan: null }) as unknown },
  ],
] as const

const INPUTS: Readonly<Record<string, string>> = {
  project: 'Ada & co',
  goal: '--fast & lean',
  bundle: 'B-001',
  title: 'Count the hits',
  ticket: 'TKT-001',
  agent: 'alice',
  status: 'done',
  stage: 'active',
  reason: 'bundles created',
}

/** What stands in the place of an input that was not given; undefined: nothing, so that two options touch. */
const ABSENT: Readonly<Record<string, (placeholder: string) => string | undefined>> = {
  'an empty word': () => '',
  None: () => 'None',
  'the placeholder': (placeholder) => placeholder,
  nothing: () => undefined,
}

test.each(Object.entries(ABSENT))(
  "the seed's manifest works when a missing input becomes %s",
  (_, absent) => {
    const project = gitProject()
    const entry = join(skillFolder('the package', join(project, '.agents/skills')), 'scripts/tkt.sh')
    for (const [template, code, answer] of TEMPLATES) {
      const words = template.split(' ').flatMap((word) => {
        const [, name] = /^\{(\w+)\}$/.exec(word) ?? []
        return name === undefined ? word : (INPUTS[name] ?? absent(word) ?? [])
      })
      const ended = tkt(words, { cwd: project, node: 'bash', entry })
      expect({ words, code: ended.code, json: ended.json }).toMatchObject({ words, code, json: answer })
    }
  },
)
