import type { Clock, Logger } from '@expacti/platform';
import type { CommandService } from '../commands/command-service.js';
import type { DecisionWaiters } from '../commands/decision-waiters.js';
import type { Drain } from '../drain.js';
import type { RequestLimits } from '../limits/request-limits.js';
import type { Greeter } from './greeter.js';

/** What a connection works with. */
export interface AgentSocketServices {
  greeter: Greeter;
  commands: CommandService;
  waiters: DecisionWaiters;
  limits: RequestLimits;
  clock: Clock;
  logger: Logger;
  drain: Drain;
  publicUrl: string;
}
