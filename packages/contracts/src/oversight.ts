import { z } from 'zod';
import { CommandKind, DecisionSource } from './command.js';
import { Actor } from './people.js';
import { ListQuery, Sha256Hex, Timestamp } from './primitives.js';

/** `hash` = SHA-256 (hex) of `previous_hash` followed by the canonical JSON (RFC 8785) of the entry without its two hash fields. */
export const AuditEntry = z
  .object({
    sequence: z.number().int().min(1),
    at: Timestamp,
    actor: Actor,
    action: z.string(),
    subject: z.object({ type: z.string(), id: z.string() }),
    data: z.record(z.string(), z.unknown()),
    previous_hash: Sha256Hex,
    hash: Sha256Hex,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditListQuery = ListQuery.extend({
  action: z.string().max(100).optional(),
  actor_id: z.string().max(100).optional(),
  subject_id: z.string().max(100).optional(),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
});

/** A signed statement of where an org's chain stood: keep it elsewhere, and a rewritten past shows. */
/** Where an org's chain stands. */
export const AuditHead = z.object({
  org: z.string(),
  sequence: z.number().int(),
  hash: Sha256Hex,
  at: Timestamp,
});

export const AuditCheckpoint = AuditHead.extend({
  signature: z.string().meta({ description: 'Compact JWS (EdDSA) of the other fields' }),
}).meta({ id: 'AuditCheckpoint' });
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

export const CommandListQuery = ListQuery.extend({
  q: z.string().max(500).optional(),
  status: z.enum(['pending', 'allowed', 'denied']).optional(),
  kind: CommandKind.optional(),
  source: DecisionSource.optional(),
  agent_id: z.string().max(100).optional(),
  session_id: z.string().max(100).optional(),
  rule_id: z.string().max(100).optional(),
  target: z.string().max(200).optional(),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
});

export const TimelineEntry = z.object({
  at: Timestamp,
  actor: Actor,
  action: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export const Timeline = z.object({ data: z.array(TimelineEntry) }).meta({ id: 'Timeline' });
export type Timeline = z.infer<typeof Timeline>;

export const QueueSummary = z
  .object({
    pending: z.number().int(),
    today: z.object({
      by_rule: z.number().int(),
      approved: z.number().int(),
      denied: z.number().int(),
      timed_out: z.number().int(),
      median_seconds_to_decide: z.number().nullable(),
    }),
    last_request_at: Timestamp.nullable(),
  })
  .meta({ id: 'QueueSummary' });
export type QueueSummary = z.infer<typeof QueueSummary>;
