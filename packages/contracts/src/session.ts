import { z } from 'zod';
import { AgentName } from './command.js';
import { idOf, ListQuery, Timestamp } from './primitives.js';

export const SessionLabels = z
  .record(z.string().max(100), z.string().max(500))
  .refine((labels) => Object.keys(labels).length <= 50, 'at most 50 labels');

export const Session = z
  .object({
    id: idOf('session'),
    name: z.string().nullable(),
    agent: AgentName,
    target: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    client: z.object({ name: z.string(), version: z.string() }).nullable(),
    started_at: Timestamp,
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const SessionListQuery = ListQuery.extend({
  agent_id: z.string().max(100).optional(),
  active: z.enum(['true', 'false']).optional(),
});
