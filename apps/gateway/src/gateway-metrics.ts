import { METRICS } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface Connections {
  readonly connectionCount: number;
}

/** Gauges that are read when Prometheus asks. */
export function registerGatewayMetrics(registry: Registry, agents: Connections, reviewers: Connections): void {
  const gauge = (name: string, help: string, source: Connections) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(source.connectionCount);
      },
    });
  gauge('expacti_agent_sockets', 'Open agent sockets on this process', agents);
  gauge('expacti_reviewer_sockets', 'Open reviewer sockets on this process', reviewers);
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
