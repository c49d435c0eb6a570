import { CLOCK, type Clock, FreshnessAuthority, LEASE_STORE, type LeaseStore } from '@expacti/platform';
import { Module } from '@nestjs/common';
import { AgentService } from './agents/agent-service.js';
import { AgentTokenService } from './agents/agent-token-service.js';
import { LastUsedRecorder } from './agents/last-used-recorder.js';
import { IdentityBootstrap } from './bootstrap/identity-bootstrap.js';
import { EvalMode } from './eval-mode.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { InvitationService } from './people/invitation-service.js';
import { OrgService } from './people/org-service.js';
import { SetupService } from './people/setup-service.js';
import { UserService } from './people/user-service.js';
import { AgentsController } from './rpc/agents-controller.js';
import { AuthenticationController } from './rpc/authentication-controller.js';
import { PeopleController } from './rpc/people-controller.js';
import { SignInController } from './rpc/sign-in-controller.js';
import { AccessTokens } from './sign-in/access-tokens.js';
import { Authenticator } from './sign-in/authenticator.js';
import { PasswordSignIn } from './sign-in/password-sign-in.js';
import { SignInService } from './sign-in/sign-in-service.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';
import { SigningKeys } from './sign-in/signing-keys.js';
import { IdentityWriter } from './storage/identity-writer.js';
import { FRESHNESS } from './tokens.js';

@Module({
  controllers: [AuthenticationController, AgentsController, SignInController, PeopleController],
  providers: [
    {
      provide: FRESHNESS,
      useFactory: (store: LeaseStore, clock: Clock) => new FreshnessAuthority(store, clock, 'identity'),
      inject: [LEASE_STORE, CLOCK],
    },
    EvalMode,
    IdentityWriter,
    IdentityBootstrap,
    AgentService,
    AgentTokenService,
    LastUsedRecorder,
    SigningKeys,
    AccessTokens,
    Authenticator,
    PasswordHasher,
    SignInThrottle,
    SignInService,
    PasswordSignIn,
    SetupService,
    InvitationService,
    UserService,
    OrgService,
  ],
})
export class IdentityModule {}
