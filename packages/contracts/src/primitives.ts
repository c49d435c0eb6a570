import { z } from 'zod';

/** The prefixes of every TypeID in use: `cmd_01k…` names a command, whoever prints it. */
export const ID_PREFIXES = {
  command: 'cmd',
  approval: 'apr',
  vote: 'vote',
  rule: 'rule',
  suggestion: 'sug',
  session: 'ses',
  user: 'usr',
  org: 'org',
  agent: 'agt',
  token: 'tok',
  target: 'tgt',
  targetGroup: 'grp',
  policy: 'pol',
  event: 'evt',
  signIn: 'sin',
  receipt: 'rct',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** A TypeID of one kind: prefix, underscore, 26 base32 characters. */
export const idOf = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`), `must be a ${kind} id (${ID_PREFIXES[kind]}_…)`)
    .meta({ description: `TypeID, ${ID_PREFIXES[kind]}_…` });

/** RFC 3339 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 }).meta({ description: 'RFC 3339, UTC, milliseconds' });

export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits');

/** One printable line chosen by a person: a name, a title. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must not contain control or formatting characters');

/** Free text for people; bounded, because reasons travel to phones and chat rooms. */
export const Reason = z.string().max(2_000);

/** The shells whose grammar is judged. */
export const Shell = z.enum(['bash', 'sh', 'dash', 'zsh', 'fish']);
export type Shell = z.infer<typeof Shell>;

/** Longest command accepted, in UTF-16 units. Longer than the parser's own budget: such a line is reviewed every time. */
export const MAX_COMMAND_LENGTH = 200_000;

/** Lists are newest first and paged by an opaque cursor. */
export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

export const NoContent = z.null();
