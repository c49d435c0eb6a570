import type { Operation } from '../measured-costs.js';

/** Who works with the system, and how. */
export interface Workload {
  readonly agents: number;
  /** Orgs of equal size; each has its own audit chain. */
  readonly orgs: number;
  /** Between an agent's answer and its next command, at the busiest time, in seconds. */
  readonly agentThinkSeconds: number;
  /** The share (0–1) of commands that a rule decides. */
  readonly hitRate: number;
  readonly sessionsPerAgentHour: number;
  /** How long a reviewer looks at one request, in seconds. */
  readonly reviewerThinkSeconds: number;
  /** Dashboards open per org. */
  readonly reviewersOnlinePerOrg: number;
  /** Squared coefficient of variation of the times between commands: 1 is Poisson, more comes in bursts. */
  readonly burstiness: number;
  /** The mean rate of a day as a share (0–1) of the busiest time's: for what accumulates. */
  readonly meanShare: number;
}

/** Of each 100 agents one org; what is assumed of agents and people is the same at each size. */
export const typicalWorkload = (agents: number): Workload => ({
  agents,
  orgs: Math.max(1, Math.round(agents / 100)),
  agentThinkSeconds: 10,
  hitRate: 0.95,
  sessionsPerAgentHour: 2,
  reviewerThinkSeconds: 20,
  reviewersOnlinePerOrg: Math.max(2, Math.round(Math.min(agents, 100) / 5)),
  burstiness: 4,
  meanShare: 0.3,
});

/** How often each operation happens per second at the busiest time. Agents wait for their answers, which are short beside their thinking. */
export function ratesOf(workload: Workload): Readonly<Record<Operation, number>> {
  const commands = workload.agents / workload.agentThinkSeconds;
  const held = commands * (1 - workload.hitRate);
  return {
    whitelisted_command: commands * workload.hitRate,
    held_command: held,
    vote: held,
    session_start: (workload.agents * workload.sessionsPerAgentHour) / 3_600,
  };
}

/** How many people decide all day long, each of them busy all the time. */
export const busyReviewers = (workload: Workload): number =>
  ratesOf(workload).held_command * workload.reviewerThinkSeconds;
