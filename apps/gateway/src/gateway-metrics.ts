import { METRICS } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Lease } from './freshness/leases.js';
import type { RuleSnapshots } from './freshness/rule-snapshots.js';

interface Connections {
  readonly connectionCount: number;
}

/** What the gauges are read from. */
export interface GatewayState {
  readonly agents: Connections;
  readonly reviewers: Connections;
  /** By the authority that gave it. */
  readonly leases: Readonly<Record<string, Lease>>;
  readonly snapshots: RuleSnapshots;
}

/** Gauges that are read when Prometheus asks. */
export function registerGatewayMetrics(registry: Registry, state: GatewayState): void {
  const { agents, reviewers, leases, snapshots } = state;
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('expacti_agent_sockets', 'Open agent sockets on this process', () => agents.connectionCount);
  gauge('expacti_reviewer_sockets', 'Open reviewer sockets on this process', () => reviewers.connectionCount);
  gauge(
    'expacti_oldest_snapshot_age_seconds',
    'Time since the rules in memory were last brought up or confirmed, of the org where that is longest',
    () => snapshots.oldestAgeSeconds(),
  );
  new Gauge({
    name: 'expacti_lease_held',
    help: 'Whether this process may act on what it holds in memory: 1, or 0 while everything goes to review',
    labelNames: ['authority'],
    registers: [registry],
    collect() {
      for (const [authority, lease] of Object.entries(leases)) this.set({ authority }, lease.holds() ? 1 : 0);
    },
  });
}

/** What became of submissions, and how long the answer took. */
@Injectable()
export class SubmissionMetrics {
  readonly #outcomes: Counter<'result'>;
  readonly #seconds: Histogram;

  constructor(@Inject(METRICS) registry: Registry) {
    this.#outcomes = new Counter({
      name: 'expacti_submissions_total',
      help: 'Submitted commands by what the gateway answered first',
      labelNames: ['result'],
      registers: [registry],
    });
    this.#seconds = new Histogram({
      name: 'expacti_submission_seconds',
      help: 'Time from a submission to the first answer',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
      registers: [registry],
    });
  }

  /** @param result allowed, denied, pending, or error */
  record(result: string, seconds: number): void {
    this.#outcomes.inc({ result });
    this.#seconds.observe(seconds);
  }
}
