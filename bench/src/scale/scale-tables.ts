import { markdownTable, threeDigits } from './markdown-table.js';
import { type MeasuredCosts, OPERATIONS, PROCESS_KINDS } from './measured-costs.js';
import { busiestOrg, capacityOf } from './plan/capacity.js';
import { simulatedLatency } from './plan/simulated-latency.js';
import { type Plan, processesOf, smallestPlan } from './plan/smallest-deployment.js';
import { stationLoad } from './plan/station-load.js';
import { type Storage, storageOf } from './plan/stored-bytes.js';
import { whitelistedLatency, whitelistedWay } from './plan/whitelisted-latency.js';
import { busyReviewers, ratesOf, type Workload } from './plan/workload.js';

interface Planned {
  readonly workload: Workload;
  readonly plan: Plan;
  readonly storage: Storage;
}

/** Everything that the model says, as Markdown: the inputs, then the plans for these workloads. */
export function scaleTables(costs: MeasuredCosts, workloads: readonly Workload[]): string {
  const planned = workloads.map((workload) => {
    const plan = smallestPlan(costs, workload);
    return { workload, plan, storage: storageOf(costs, plan.cellWorkload, plan.deployment, plan.partitions) };
  });
  return [
    `### Measured costs\n\n${costsTable(costs)}`,
    `### What to start\n\n${deploymentTable(planned)}`,
    `### How busy it is then\n\n${loadTable(costs, planned)}`,
    `### How long a whitelisted command takes then\n\n${latencyTable(costs, planned)}`,
    `### What it keeps\n\n${storageTable(planned)}`,
    `### What gateways add\n\n${capacityTable(costs)}`,
    orgLine(costs),
  ].join('\n\n');
}

const agentsOf = ({ workload }: Planned) => `${threeDigits(workload.agents)} agents`;

function costsTable(costs: MeasuredCosts): string {
  const rows = OPERATIONS.map((operation) => [
    operation.replaceAll('_', ' '),
    ...PROCESS_KINDS.map((kind) => costs.operations[operation][kind].cpu_us),
    costs.bytes.redis[operation],
    costs.bytes.postgres[operation],
  ]);
  const further = OPERATIONS.map((operation) => [
    `… each further gateway: ${operation.replaceAll('_', ' ')}`,
    ...PROCESS_KINDS.map((kind) =>
      kind === 'gateway' || kind === 'redis' ? costs.further_gateway[operation][kind].cpu_us : '',
    ),
    '',
    '',
  ]);
  const idle = ['a second of doing nothing', ...PROCESS_KINDS.map((kind) => costs.idle_second[kind].cpu_us), '', ''];
  const head = ['µs of CPU', ...PROCESS_KINDS, 'Redis bytes', 'PostgreSQL bytes'];
  return markdownTable(head, [...rows, ...further, idle]);
}

function deploymentTable(planned: readonly Planned[]): string {
  const rows: [string, (one: Planned) => string | number][] = [
    ['commands per second', ({ workload }) => workload.agents / workload.agentThinkSeconds],
    ['of these held for people, per second', ({ workload }) => ratesOf(workload).held_command],
    ['people who review all the time', ({ workload }) => Math.ceil(busyReviewers(workload))],
    ['cells', ({ plan }) => plan.cells],
    ...PROCESS_KINDS.map((kind): [string, (one: Planned) => number] => [
      `${kind} in each cell`,
      ({ plan }) => plan.deployment[kind],
    ]),
    ['partitions in each cell', ({ plan }) => plan.partitions],
    ['processes in all cells', ({ plan }) => processesOf(plan)],
  ];
  return transposed(planned, rows);
}

function loadTable(costs: MeasuredCosts, planned: readonly Planned[]): string {
  const load = ({ plan }: Planned, kind: (typeof PROCESS_KINDS)[number]) =>
    stationLoad(costs, plan.cellWorkload, plan.deployment, kind);
  const percent = (share: number) => `${threeDigits(share * 100)} %`;
  const cores = (one: Planned) => PROCESS_KINDS.reduce((sum, kind) => sum + load(one, kind).cores, 0) * one.plan.cells;
  const rows: [string, (one: Planned) => string | number][] = [
    ...PROCESS_KINDS.filter((kind) => kind !== 'postgres').map((kind): [string, (one: Planned) => string] => [
      `${kind}: first thread of each`,
      (one) => percent(load(one, kind).utilization),
    ]),
    ['PostgreSQL in each cell: cores', (one) => load(one, 'postgres').cores],
    ['cores in all cells', cores],
  ];
  return transposed(planned, rows);
}

function latencyTable(costs: MeasuredCosts, planned: readonly Planned[]): string {
  const rows = planned.map((one) => {
    const way = whitelistedWay(costs, one.plan.cellWorkload, one.plan.deployment);
    const [formula, simulated] = [whitelistedLatency(way), simulatedLatency(way)];
    return [agentsOf(one), formula.p50Ms, simulated.p50Ms, formula.p99Ms, simulated.p99Ms];
  });
  return markdownTable(['milliseconds', 'p50, formula', 'p50, simulated', 'p99, formula', 'p99, simulated'], rows);
}

function storageTable(planned: readonly Planned[]): string {
  const rows: [string, (one: Planned) => string | number][] = [
    ...PROCESS_KINDS.map((kind): [string, (one: Planned) => number] => [
      `memory of one ${kind} process, MiB`,
      ({ storage }) => storage.memoryMib[kind],
    ]),
    ['events in Redis before they are trimmed, MiB a cell', ({ storage }) => storage.redisEventsMib],
    ['written to Redis, MiB/s a cell', ({ storage }) => storage.redisLogMibPerSecond],
    ['PostgreSQL grows, GiB/day a cell', ({ storage }) => storage.postgresGibPerDay],
  ];
  return transposed(planned, rows);
}

function capacityTable(costs: MeasuredCosts): string {
  const rows = [1, 2, 4, 8, 16, 32, 64].map((gateways) => {
    const { gatewaysPerSecond, redisPerSecond } = capacityOf(costs, gateways);
    return [String(gateways), gatewaysPerSecond, redisPerSecond, Math.min(gatewaysPerSecond, redisPerSecond)];
  });
  return markdownTable(['gateways', 'they decide at most, /s', 'one Redis keeps at most, /s', 'so together, /s'], rows);
}

function orgLine(costs: MeasuredCosts): string {
  const { perSecond, limitedBy } = busiestOrg(costs);
  const limit = { audit: 'its audit chain', redis: 'its stream' }[limitedBy];
  return `One org alone: at most ${threeDigits(perSecond)} commands per second, by ${limit}.`;
}

function transposed(planned: readonly Planned[], rows: readonly [string, (one: Planned) => string | number][]): string {
  return markdownTable(
    ['', ...planned.map(agentsOf)],
    rows.map(([name, of]) => [name, ...planned.map(of)]),
  );
}
