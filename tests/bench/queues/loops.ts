/** THE TABLE of what worker processes do: our verbs, and what they are held against. */
import { claimingByHandInFile } from './by-hand-in-file.ts'
import { claimingByHand, closingByHand } from './by-hand.ts'
import { embeddedClaim } from './embedded-anchor.ts'
import type { Loop, Orders } from './loop.ts'
import { boss, graphile } from './rival-queues.ts'
import { lockedUpdate, updateByKey, versionedUpdate } from './server-anchors.ts'
import { claiming, claimingAndClosing, claimingTwenty } from './store-loops.ts'

export const LOOPS: Readonly<Record<string, (orders: Orders) => Promise<Loop>>> = {
  claim: claiming,
  'claims of 20': claimingTwenty,
  'claim+close': claimingAndClosing,
  'raw claim+event': embeddedClaim,
  'by hand in a file': claimingByHandInFile,
  'by hand': claimingByHand(1),
  'by hand, 20': claimingByHand(20),
  'by hand, closed': closingByHand,
  'UPDATE by key': updateByKey,
  'version column': versionedUpdate,
  'lock+UPDATE': lockedUpdate,
  'pg-boss': (orders) => boss.open(orders),
  'graphile-worker': (orders) => graphile.open(orders),
}
