/** Small work without a bundle: create, list, claim, close. */
import {
  Array as ListOf,
  Boolean,
  Integer,
  Null,
  Object as Fields,
  Optional,
  String,
  Union,
  Unknown,
  type Static,
} from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { pickAction, type Action } from '../../operation/actions.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { count, flag, longTexts, path, text, texts, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { expressField } from '../model/ids.ts'
import { claimExpress } from './express/claim.ts'
import { closeExpress } from './express/close.ts'
import { createExpress } from './express/create.ts'
import { listExpress } from './express/list.ts'

const OrNull = () => Union([String(), Null()])

const input = Fields({
  action: Optional(word('create, list, claim or close; create when left out')),
  ticket_id: Optional(expressField('claim, close: the express ticket')),
  title: Optional(text('create: what is to be done, in one line')),
  acceptance: Optional(texts('create: how one sees that it is done')),
  category: Optional(text('create: the kind of work')),
  effort_estimate: Optional(text('create: such as 30m')),
  agent_type: Optional(text('create: the kind of agent it is meant for')),
  wave: Optional(count('create: the wave it belongs to')),
  source_plan: Optional(path('create: the plan it comes from')),
  source_ticket_index: Optional(count('create: its place in that plan')),
  agent: Optional(word('claim: who claims it; create, close: who does it')),
  session_id: Optional(word('claim, close: tells two agents of one name apart')),
  take_over: Optional(flag('claim: take it from its holder if the claim is stale')),
  claim_no: Optional(count('close: the number that the claim was answered with', 1)),
  files_changed: Optional(count('close: how many files were changed; more than 3 make it a bundle')),
  evidence: Optional(longTexts('close: what proves it; commit:SHA, file:PATH, cmd:COMMAND are checked')),
  idempotency_key: Optional(idempotencyField('create, claim, close: ')),
  limit: Optional(count('list: at most this many tickets', 1)),
  offset: Optional(count('list: leave out this many tickets first')),
})

export type ExpressInput = Static<typeof input>

const output = Fields({
  ticket_id: Optional(String()),
  status: Optional(String()),
  path: Optional(String()),
  claimed: Optional(Boolean()),
  closed: Optional(Boolean()),
  agent: Optional(String()),
  claim_no: Optional(Integer()),
  lease_until: Optional(String()),
  taken_over_from: Optional(String()),
  files_changed: Optional(Integer()),
  upgraded: Optional(Boolean()),
  bundle_id: Optional(String()),
  worker_ticket: Optional(String()),
  evidence_checks: Optional(Unknown()),
  replayed: Optional(Boolean()),
  tickets: Optional(
    ListOf(
      Fields({
        id: String(),
        status: String(),
        title: String(),
        category: OrNull(),
        created_at: OrNull(),
        completed_at: OrNull(),
      }),
    ),
  ),
  shown: Optional(String()),
  next: Optional(String()),
  unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
  unreadable_count: Optional(Integer()),
})

export const express = defineOperation({
  name: 'express',
  summary: 'Small work without a bundle: create, list, claim and close express tickets.',
  capability: 'tkt-express',
  effects: ['fs.read', 'fs.write', 'git.read', 'proc.exec'],
  input,
  output,
  errors: [
    'TICKET_NOT_FOUND',
    'EXPRESS_NOT_OPEN',
    'EVIDENCE_REQUIRED',
    'EVIDENCE_INSUFFICIENT',
    'EVIDENCE_FAILED',
    'NOT_OWNER',
    'CLAIM_LOST',
    'ALREADY_HOLDS',
    'CHANGED_MEANWHILE',
    'IDEMPOTENCY_KEY_REUSED',
    'LOCK_TIMEOUT',
  ],
  positional: ['action', 'ticket_id'],
  examples: [
    'express create --title "Fix the typo on the pricing page" --acceptance "grep finds no recieve"',
    'express list',
    'express claim EXP-001 --agent alice',
    'express close EXP-001 --evidence "grep -c recieve pricing.html: 0" --files-changed 1',
  ],
  run: async (request, context: BundleContext) => {
    const { action: name = 'create' } = request
    return pickAction('express', name, { actions: ACTIONS, request, warn: context.warn }).run(
      request,
      context,
    )
  },
})

const ACTIONS = new Map<string, Action<ExpressInput, BundleContext, Static<typeof output>>>([
  [
    'create',
    {
      run: createExpress,
      takes: [
        'title',
        'acceptance',
        'category',
        'effort_estimate',
        'agent_type',
        'wave',
        'source_plan',
        'source_ticket_index',
        'agent',
        'idempotency_key',
      ],
    },
  ],
  ['list', { run: listExpress, takes: ['limit', 'offset'] }],
  [
    'claim',
    { run: claimExpress, takes: ['ticket_id', 'agent', 'session_id', 'take_over', 'idempotency_key'] },
  ],
  [
    'close',
    {
      run: closeExpress,
      takes: [
        ...['ticket_id', 'agent', 'session_id', 'claim_no', 'files_changed', 'evidence'],
        'idempotency_key',
      ] as const,
    },
  ],
])
