import type { ServiceDefinition } from '@expacti/platform';
import { IdentityModule } from './identity-module.js';
import { AgentRow } from './storage/agent-row.js';
import { AgentTokenRow } from './storage/agent-token-row.js';
import { AttemptRow } from './storage/attempt-row.js';
import { CreateIdentity1767225600200 } from './storage/create-identity.js';
import { IndexRefreshTokensByOrg1767225600210 } from './storage/index-refresh-tokens-by-org.js';
import { InvitationRow } from './storage/invitation-row.js';
import { OrgRow } from './storage/org-row.js';
import { RefreshTokenRow } from './storage/refresh-token-row.js';
import { SetupTokenRow } from './storage/setup-token-row.js';
import { SignInRow } from './storage/sign-in-row.js';
import { SigningKeyRow } from './storage/signing-key-row.js';
import { UserRow } from './storage/user-row.js';

export { bootstrapIdentity } from './bootstrap/bootstrap-identity.js';
export type { BootstrapOutcome } from './bootstrap/identity-bootstrap.js';
export { keepSetupToken } from './bootstrap/keep-setup-token.js';

/** Orgs, people, sign-in, agents and their tokens. */
export const identityService: ServiceDefinition = {
  name: 'identity',
  module: IdentityModule,
  entities: [
    OrgRow,
    UserRow,
    InvitationRow,
    SetupTokenRow,
    SignInRow,
    RefreshTokenRow,
    AgentRow,
    AgentTokenRow,
    SigningKeyRow,
    AttemptRow,
  ],
  migrations: [CreateIdentity1767225600200, IndexRefreshTokensByOrg1767225600210],
};
