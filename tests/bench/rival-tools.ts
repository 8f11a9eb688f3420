/** THE TABLE of the tools that we are compared with, and our own row: how each makes a store, and the words of each step. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { act, emptyStore } from './stores.ts'

export const STEPS = ['list', 'next', 'show', 'start', 'done', 'create'] as const
export type Step = (typeof STEPS)[number]

export interface Tool {
  readonly name: string
  /** With its version; undefined for ours. */
  readonly package?: string
  readonly program: string
  /** Undefined for what it has no command for. */
  readonly words: (step: Step, id: string, agent: string) => readonly string[] | undefined
  /** In an empty repository makes a store of so many chains of five, each ticket waiting for the one before. `tell` runs one of its commands. */
  readonly prepare: (folder: string, chains: number, tell: Tell) => Promise<unknown>
  /** The id of the n-th ticket, from 1. */
  readonly idOf: (folder: string, number: number) => string
  /** What its `next` offers first. */
  readonly offered: (stdout: string) => string | undefined
}

type Tell = (...words: readonly string[]) => string

const CHAIN = 5
const TITLE = 'Count the hits of every short link'
const EVIDENCE = 'npm test: 12 passed, 0 failed'

export const ours = (entry: string): Tool => ({
  name: 'tkt',
  program: entry,
  words: (step, id, agent) =>
    ({
      list: ['status', 'B-001'],
      next: ['next', '--agent', agent],
      show: ['show', 'B-001', id],
      start: ['claim', 'B-001', id, agent],
      done: ['update', 'B-001', id, 'done', '--agent', agent, '--evidence', EVIDENCE],
      create: ['add', 'B-001', TITLE],
    })[step],
  prepare: async (folder, chains) => {
    const world = await emptyStore(dirname(folder), basename(folder))
    const tickets = Array.from({ length: CHAIN * chains }, (_, index) => {
      const waits = index % CHAIN === 0 ? '' : `  - depends on: ${idOfOurs(index)}\n`
      return `- [ ] ${TITLE}\n  - acceptance: seen\n${waits}`
    })
    writeFileSync(join(folder, 'plan.md'), `# Plan\n\n${tickets.join('')}`)
    await act(world, 'create-bundle', { source_plan: 'plan.md' })
  },
  idOf: (_, number) => idOfOurs(number),
  offered: (stdout) => /"ticket":"([^"]+)"/.exec(stdout)?.[1],
})

const idOfOurs = (number: number): string => `TKT-${String(number).padStart(3, '0')}`

export const RIVALS: readonly Tool[] = [
  {
    name: 'backlog.md',
    package: 'backlog.md@1.52.0',
    program: 'backlog.md/cli.js',
    words: (step, id, agent) =>
      ({
        list: ['task', 'list', '--plain'],
        next: ['task', 'list', '--ready', '-s', 'To Do', '--plain'],
        show: ['task', id, '--plain'],
        start: ['task', 'edit', id, '-s', 'In Progress', '-a', `@${agent}`, '--plain'],
        done: ['task', 'edit', id, '-s', 'Done', '--final-summary', EVIDENCE, '--plain'],
        create: ['task', 'create', TITLE, '--ac', 'seen', '--plain'],
      })[step],
    prepare: async (folder, chains, tell) => {
      tell('init', 'demo', '--defaults')
      for (let number = 1; number <= CHAIN; number += 1)
        tell(
          'task',
          'create',
          TITLE,
          '--ac',
          'seen',
          ...(number === 1 ? [] : ['--dep', `task-${number - 1}`]),
        )
      const tasks = join(folder, 'backlog/tasks')
      const texts = readdirSync(tasks).map((name) => [name, readFileSync(join(tasks, name), 'utf8')] as const)
      for (let chain = 1; chain < chains; chain += 1)
        for (const [name, text] of texts)
          writeFileSync(join(tasks, shifted(name, CHAIN * chain)), shifted(text, CHAIN * chain))
    },
    idOf: (_, number) => String(number),
    offered: (stdout) => /TASK-(\d+)/.exec(stdout)?.[1],
  },
  {
    name: 'tasks-axi',
    package: 'tasks-axi@0.2.5',
    program: 'tasks-axi/dist/bin/tasks-axi.js',
    words: (step, id) =>
      ({
        list: ['list'],
        next: ['ready'],
        show: ['show', id],
        start: ['start', id],
        done: ['done', id, '--note', EVIDENCE],
        create: ['add', TITLE, '--mint'],
      })[step],
    prepare: async (folder, chains, tell) => {
      for (let number = 1; number <= CHAIN; number += 1)
        tell('add', `task-${number}`, TITLE, ...(number === 1 ? [] : ['--blocked-by', `task-${number - 1}`]))
      const path = join(folder, 'backlog.md')
      repeatLines(path, chains, (line, chain) => shifted(line, CHAIN * chain))
    },
    idOf: (_, number) => `task-${number}`,
    offered: (stdout) => /^ *(task-\d+),/m.exec(stdout)?.[1],
  },
  {
    name: '@zeeg/dex',
    package: '@zeeg/dex@0.16.0',
    program: '@zeeg/dex/dist/index.js',
    words: (step, id) =>
      ({
        list: ['list', '--flat'],
        next: ['list', '--ready', '--flat'],
        show: ['show', id],
        start: ['start', id],
        done: ['complete', id, '--result', EVIDENCE, '--no-commit'],
        create: ['create', TITLE],
      })[step],
    prepare: async (folder, chains, tell) => {
      let before = ''
      for (let number = 1; number <= CHAIN; number += 1)
        before =
          /task (\w{8})/.exec(tell('create', TITLE, ...(number === 1 ? [] : ['-b', before])))?.[1] ?? ''
      const path = join(folder, DEX_STORE)
      repeatLines(path, chains, (line, chain) =>
        // Eight letters and digits each: the last three are the number of the chain.
        line.replaceAll(
          /"([a-z0-9]{5})[a-z0-9]{3}"/g,
          (_, start: string) => `"${start}${String(chain).padStart(3, '0')}"`,
        ),
      )
    },
    idOf: (folder, number) =>
      /"id":"(\w+)"/.exec(readFileSync(join(folder, DEX_STORE), 'utf8').split('\n')[number - 1] ?? '')?.[1] ??
      '',
    offered: (stdout) => /\[ \] (\w{8})/.exec(stdout)?.[1],
  },
]

const DEX_STORE = '.dex/tasks.jsonl'

/** Every `task-N` in the text, N greater by so much. */
const shifted = (text: string, by: number): string =>
  text.replaceAll(/(task-)(\d+)/gi, (_, word: string, number: string) => `${word}${Number(number) + by}`)

/** Puts the lines of further chains behind those of the first one. */
function repeatLines(path: string, chains: number, change: (line: string, chain: number) => string): void {
  const lines = readFileSync(path, 'utf8').split('\n')
  const isTask = (line: string): boolean => /^(- \[ \] task-|\{)/.test(line)
  const last = lines.findLastIndex(isTask)
  const own = lines.filter(isTask)
  const more = Array.from({ length: chains - 1 }, (_, index) => own.map((line) => change(line, index + 1)))
  writeFileSync(path, [...lines.slice(0, last + 1), ...more.flat(), ...lines.slice(last + 1)].join('\n'))
}
