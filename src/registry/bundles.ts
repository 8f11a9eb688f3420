/** The operations of engine 1. */
import { anyOperation, type Entry } from './entry.ts'

export const BUNDLES: readonly Entry[] = [
  {
    name: 'init-roadmap',
    aliases: ['init'],
    load: async () => anyOperation((await import('../bundles/operations/init-roadmap.ts')).initRoadmap),
  },
  {
    name: 'create-bundle',
    load: async () => anyOperation((await import('../bundles/operations/create-bundle.ts')).createBundle),
  },
  {
    name: 'add',
    aliases: ['add-ticket'],
    load: async () => anyOperation((await import('../bundles/operations/add.ts')).add),
  },
  {
    name: 'edit',
    load: async () => anyOperation((await import('../bundles/operations/edit.ts')).edit),
  },
  {
    name: 'claim',
    load: async () => anyOperation((await import('../bundles/operations/claim.ts')).claim),
  },
  {
    name: 'next',
    load: async () => anyOperation((await import('../bundles/operations/next.ts')).next),
  },
  {
    name: 'update',
    aliases: ['update-ticket'],
    load: async () => anyOperation((await import('../bundles/operations/update.ts')).update),
  },
  {
    name: 'batch-update',
    load: async () => anyOperation((await import('../bundles/operations/batch-update.ts')).batchUpdate),
  },
  {
    name: 'release',
    load: async () => anyOperation((await import('../bundles/operations/release.ts')).release),
  },
  {
    name: 'bundle-status',
    cli: 'status',
    aliases: ['bundle-status'],
    load: async () => anyOperation((await import('../bundles/operations/bundle-status.ts')).bundleStatus),
  },
  {
    name: 'list-bundles',
    cli: 'list',
    aliases: ['list-bundles'],
    load: async () => anyOperation((await import('../bundles/operations/list-bundles.ts')).listBundles),
  },
  {
    name: 'graph',
    load: async () => anyOperation((await import('../bundles/operations/graph.ts')).graph),
  },
  {
    name: 'show',
    load: async () => anyOperation((await import('../bundles/operations/show.ts')).show),
  },
  {
    name: 'history',
    load: async () => anyOperation((await import('../bundles/operations/history.ts')).history),
  },
  {
    name: 'verify',
    load: async () => anyOperation((await import('../bundles/operations/verify.ts')).verify),
  },
  {
    name: 'close-bundle',
    cli: 'close',
    aliases: ['close-bundle'],
    load: async () => anyOperation((await import('../bundles/operations/close-bundle.ts')).closeBundle),
  },
  {
    name: 'archive-bundle',
    cli: 'archive',
    aliases: ['archive-bundle'],
    load: async () => anyOperation((await import('../bundles/operations/archive-bundle.ts')).archiveBundle),
  },
  {
    name: 'reopen',
    load: async () => anyOperation((await import('../bundles/operations/reopen.ts')).reopen),
  },
  {
    name: 'worktree-status',
    load: async () => anyOperation((await import('../bundles/operations/worktree-status.ts')).worktreeStatus),
  },
  {
    name: 'worktree-prune',
    load: async () => anyOperation((await import('../bundles/operations/worktree-prune.ts')).worktreePrune),
  },
  {
    name: 'generate-review',
    load: async () => anyOperation((await import('../bundles/operations/generate-review.ts')).generateReview),
  },
  {
    name: 'show-review',
    load: async () => anyOperation((await import('../bundles/operations/show-review.ts')).showReview),
  },
  {
    name: 'doctor',
    load: async () => anyOperation((await import('../bundles/operations/doctor.ts')).doctor),
  },
  {
    name: 'express',
    load: async () => anyOperation((await import('../bundles/operations/express.ts')).express),
  },
  {
    name: 'roadmap-transition',
    load: async () =>
      anyOperation((await import('../bundles/operations/roadmap-transition.ts')).roadmapTransition),
  },
  {
    name: 'roadmap-goal',
    load: async () => anyOperation((await import('../bundles/operations/roadmap-goal.ts')).roadmapGoal),
  },
  {
    name: 'roadmap-status',
    load: async () => anyOperation((await import('../bundles/operations/roadmap-status.ts')).roadmapStatus),
  },
]
