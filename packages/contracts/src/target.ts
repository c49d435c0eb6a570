import { z } from 'zod';
import { idOf, Name, Shell, Timestamp } from './primitives.js';

const TargetName = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@/-]*$/, 'letters, digits and . _ : @ / - only');

const targetFields = {
  name: TargetName,
  description: z.string().max(2_000).nullable().optional(),
  shell: Shell.nullable().optional().meta({ description: 'Fixes the shell whose grammar is judged' }),
  production: z.boolean().optional().meta({ description: 'Raises the risk of what runs there' }),
  group_ids: z.array(idOf('targetGroup')).max(100).optional(),
};
export const NewTarget = z.strictObject(targetFields).meta({ id: 'NewTarget' });
export type NewTarget = z.infer<typeof NewTarget>;
export const TargetChange = z.strictObject(targetFields).partial().meta({ id: 'TargetChange' });
export type TargetChange = z.infer<typeof TargetChange>;
export const Target = z
  .object({
    id: idOf('target'),
    name: z.string(),
    description: z.string().nullable(),
    shell: Shell.nullable(),
    production: z.boolean(),
    group_ids: z.array(z.string()),
    created_at: Timestamp,
  })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof Target>;

export const NewTargetGroup = z
  .strictObject({ name: Name, description: z.string().max(2_000).nullable().optional() })
  .meta({ id: 'NewTargetGroup' });
export type NewTargetGroup = z.infer<typeof NewTargetGroup>;
export const TargetGroupChange = NewTargetGroup.partial().meta({ id: 'TargetGroupChange' });
export type TargetGroupChange = z.infer<typeof TargetGroupChange>;
export const TargetGroup = z
  .object({
    id: idOf('targetGroup'),
    name: z.string(),
    description: z.string().nullable(),
    target_ids: z.array(z.string()),
    created_at: Timestamp,
  })
  .meta({ id: 'TargetGroup' });
export type TargetGroup = z.infer<typeof TargetGroup>;
