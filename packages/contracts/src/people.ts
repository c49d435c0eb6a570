import { z } from 'zod';
import { CommandKind } from './command.js';
import { Permission, RoleName } from './permissions.js';
import { idOf, ListQuery, Name, Shell, Timestamp } from './primitives.js';

/** Who is asking. The gateway establishes it once per credential; every RPC that acts for somebody carries it. */
export const UserPrincipal = z.object({
  kind: z.literal('user'),
  org: z.string(),
  id: z.string(),
  name: z.string(),
  email: z.string(),
  sign_in_id: z.string().nullable(),
  roles: z.array(RoleName),
  groups: z.array(z.string()),
  permissions: z.array(Permission),
});
export type UserPrincipal = z.infer<typeof UserPrincipal>;

export const AgentPrincipal = z.object({
  kind: z.literal('agent'),
  org: z.string(),
  id: z.string(),
  name: z.string(),
  token_id: z.string(),
  owner_id: z.string().nullable(),
  /** Null: any. A claim outside them is refused. */
  targets: z.array(z.string()).nullable(),
  shells: z.array(Shell).nullable(),
  kinds: z.array(CommandKind).nullable(),
});
export type AgentPrincipal = z.infer<typeof AgentPrincipal>;

export const Principal = z.discriminatedUnion('kind', [UserPrincipal, AgentPrincipal]);
export type Principal = z.infer<typeof Principal>;

export const Actor = z.object({ kind: z.enum(['user', 'agent', 'system']), id: z.string(), name: z.string() });
export type Actor = z.infer<typeof Actor>;

export const actorOf = (principal: Principal): Actor => ({
  kind: principal.kind,
  id: principal.id,
  name: principal.name,
});
export const SYSTEM_ACTOR: Actor = { kind: 'system', id: 'system', name: 'expacti' };

export const Email = z.email().max(254).toLowerCase();
/** Length alone is checked by shape; the identity service also refuses well-known passwords. */
export const NewPassword = z.string().min(12, 'must have at least 12 characters').max(256);

export const LoginRequest = z
  .strictObject({ email: Email, password: z.string().min(1).max(256) })
  .meta({ id: 'LoginRequest' });
export const SetupRequest = z
  .strictObject({
    token: z.string().min(1).max(200),
    email: Email,
    name: Name,
    password: NewPassword,
    org_name: Name,
    one_person_approval: z
      .boolean()
      .default(false)
      .meta({ description: 'The owner of an agent may approve its requests (recorded, shown)' }),
  })
  .meta({ id: 'SetupRequest' });
export type SetupRequest = z.infer<typeof SetupRequest>;

export const User = z
  .object({
    id: idOf('user'),
    email: z.string(),
    name: z.string(),
    roles: z.array(RoleName),
    active: z.boolean(),
    invited: z.boolean().meta({ description: 'Has not set a password yet' }),
    created_at: Timestamp,
    last_sign_in_at: Timestamp.nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const NewUser = z
  .strictObject({ email: Email, name: Name, roles: z.array(RoleName).min(1).max(4) })
  .meta({ id: 'NewUser' });
export type NewUser = z.infer<typeof NewUser>;
export const UserChange = z
  .strictObject({ name: Name, roles: z.array(RoleName).min(1).max(4), active: z.boolean() })
  .partial()
  .meta({ id: 'UserChange' });
export type UserChange = z.infer<typeof UserChange>;
/** The link is shown once to whoever invites; it lets the invited person choose a password. */
export const InvitedUser = User.extend({ invitation_token: z.string() }).meta({ id: 'InvitedUser' });
export type InvitedUser = z.infer<typeof InvitedUser>;
export const AcceptInvitation = z
  .strictObject({ token: z.string().min(1).max(200), password: NewPassword })
  .meta({ id: 'AcceptInvitation' });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
export const ChangePassword = z
  .strictObject({ current_password: z.string().min(1).max(256), new_password: NewPassword })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof ChangePassword>;

export const AuthMethods = z
  .object({ password: z.boolean(), eval: z.boolean(), setup_required: z.boolean() })
  .meta({ id: 'AuthMethods' });
export type AuthMethods = z.infer<typeof AuthMethods>;

/** The refresh token travels in an HttpOnly cookie, never in a body that a script could read. */
export const SignedIn = z
  .object({ access_token: z.string(), expires_in: z.number().int().meta({ description: 'Seconds' }), user: User })
  .meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof SignedIn>;

export const Timeout = z
  .strictObject({
    action: z.enum(['deny', 'escalate', 'hold', 'allow']),
    seconds: z.number().int().min(30).max(86_400),
  })
  .refine((timeout) => timeout.action === 'hold' || timeout.seconds <= 600, {
    path: ['seconds'],
    message: 'must be between 30 and 600 (only hold may wait longer, up to 86400)',
  })
  .meta({ id: 'Timeout' });
export type Timeout = z.infer<typeof Timeout>;

export const RememberDynamic = z.enum(['never', 'session', 'yes']);

export const Org = z
  .object({
    id: idOf('org'),
    name: z.string(),
    eval: z.boolean(),
    timeout: Timeout,
    one_person_approval: z.boolean(),
    remember_dynamic: RememberDynamic.meta({ description: 'May an exact rule cover a line with dynamic words?' }),
    pending_limit: z.number().int().meta({ description: 'Commands of one agent that may wait at once' }),
    created_at: Timestamp,
    updated_at: Timestamp,
    updated_by: z.string().nullable(),
  })
  .meta({ id: 'Org' });
export type Org = z.infer<typeof Org>;

export const OrgChange = z
  .strictObject({
    name: Name,
    timeout: Timeout,
    remember_dynamic: RememberDynamic,
    one_person_approval: z.boolean(),
    pending_limit: z.number().int().min(1).max(10_000),
    confirm_allow_timeout: z.boolean().meta({ description: 'An owner confirms that unanswered low-risk commands run' }),
  })
  .partial()
  .meta({ id: 'OrgChange' });
export type OrgChange = z.infer<typeof OrgChange>;

export const Me = z
  .object({
    user: z.object({ id: z.string(), email: z.string(), name: z.string(), roles: z.array(RoleName) }),
    org: Org,
    permissions: z.array(Permission),
    weaknesses: z.array(z.string()).meta({
      description:
        'Why this installation may lose what it acknowledged, one sentence each. Empty unless whoever runs it allows weak durability.',
    }),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const AgentToken = z
  .object({
    id: idOf('token'),
    name: z.string(),
    /** First characters, to tell tokens apart. */
    hint: z.string(),
    targets: z.array(z.string()).nullable(),
    shells: z.array(Shell).nullable(),
    kinds: z.array(CommandKind).nullable(),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
  })
  .meta({ id: 'AgentToken' });
export type AgentToken = z.infer<typeof AgentToken>;

export const Agent = z
  .object({
    id: idOf('agent'),
    name: z.string(),
    description: z.string().nullable(),
    owner: z.object({ id: z.string(), name: z.string() }).nullable(),
    suspended: z.boolean(),
    tokens: z.array(AgentToken),
    created_at: Timestamp,
    last_seen_at: Timestamp.nullable(),
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

const Description = z.string().max(2_000);
export const NewAgent = z
  .strictObject({ name: Name, description: Description.nullable().optional() })
  .meta({ id: 'NewAgent' });
export type NewAgent = z.infer<typeof NewAgent>;
export const AgentChange = z
  .strictObject({ name: Name, description: Description.nullable() })
  .partial()
  .meta({ id: 'AgentChange' });
export type AgentChange = z.infer<typeof AgentChange>;
export const NewAgentToken = z
  .strictObject({
    name: Name,
    targets: z.array(z.string().max(200)).max(200).nullable().optional(),
    shells: z.array(Shell).max(5).nullable().optional(),
    kinds: z.array(CommandKind).max(3).nullable().optional(),
    expires_at: Timestamp.nullable().optional(),
  })
  .meta({ id: 'NewAgentToken' });
export type NewAgentToken = z.infer<typeof NewAgentToken>;
export const IssuedAgentToken = AgentToken.extend({ token: z.string().meta({ description: 'Shown once' }) }).meta({
  id: 'IssuedAgentToken',
});
export type IssuedAgentToken = z.infer<typeof IssuedAgentToken>;

export const NamedListQuery = ListQuery.extend({ q: z.string().max(200).optional() });
