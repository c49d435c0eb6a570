import { ExpactiError } from '@expacti/contracts';
import { METRICS, mayReadMetrics, type ReadinessCheck, readiness } from '@expacti/platform';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Registry } from 'prom-client';
import { Drain } from '../drain.js';
import { IdentityLease, PolicyLease } from '../freshness/leases.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { OutsideApi } from '../http/serves.js';
import { READINESS_CHECKS } from '../readiness-checks.js';

@Controller()
@OutsideApi()
export class HealthController {
  constructor(
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(METRICS) private readonly metrics: Registry,
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
    @Inject(PolicyLease) private readonly policyLease: PolicyLease,
    @Inject(IdentityLease) private readonly identityLease: IdentityLease,
    @Inject(Drain) private readonly drain: Drain,
  ) {}

  /** The process runs and its event loop turns. */
  @Get('/healthz')
  health() {
    return { status: 'ok', version: this.options.serverVersion };
  }

  /** The process may take work: everything that a decision needs answers. */
  @Get('/readyz')
  async ready(@Res() response: Response) {
    const lease = (name: string, holder: PolicyLease) => ({
      name,
      check: async () => {
        if (!holder.holds()) throw new Error('the lease has lapsed: every command goes to review');
      },
    });
    const draining = {
      name: 'draining',
      check: async () => this.drain.refuse(),
    };
    const report = await readiness([
      draining,
      ...this.checks,
      lease('policy lease', this.policyLease),
      lease('identity lease', this.identityLease),
    ]);
    response.status(report.ready ? 200 : 503).json(report);
  }

  @Get('/metrics')
  async prometheus(@Req() request: Request, @Res() response: Response) {
    if (!mayReadMetrics(request, this.options.metricsToken))
      throw new ExpactiError(
        'FORBIDDEN',
        'Metrics are read from this machine, or with the metrics_token of the configuration.',
      );
    response.type(this.metrics.contentType).send(await this.metrics.metrics());
  }
}
