import { CLOCK, type Clock, FreshnessAuthority, LEASE_STORE, type LeaseStore } from '@expacti/platform';
import { Module } from '@nestjs/common';
import { AgentService } from './agents/agent-service.js';
import { AgentTokenService } from './agents/agent-token-service.js';
import { LastUsedRecorder } from './agents/last-used-recorder.js';
import { IdentityBootstrap } from './bootstrap/identity-bootstrap.js';
import { EvalMode } from './eval-mode.js';
import { AgentsController } from './rpc/agents-controller.js';
import { AuthenticationController } from './rpc/authentication-controller.js';
import { AccessTokens } from './sign-in/access-tokens.js';
import { Authenticator } from './sign-in/authenticator.js';
import { SigningKeys } from './sign-in/signing-keys.js';
import { IdentityWriter } from './storage/identity-writer.js';
import { FRESHNESS } from './tokens.js';

@Module({
  controllers: [AuthenticationController, AgentsController],
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
  ],
})
export class IdentityModule {}
