import type { ProgramOptions } from '../guard/option-table.js';

type Subcommand = Omit<ProgramOptions, 'source'>;

const ps: Subcommand = {
  flags: '-a -l -n -q -s --all --latest --no-trunc --quiet --size',
  valued: '-f --filter --format',
  operands: 0,
};
const logs: Subcommand = {
  flags: '-f -t --follow --timestamps --details',
  valued: '-n --tail --since --until',
  operands: 1,
};
const inspect: Subcommand = { flags: '-s --size', valued: '-f --format --type' };
const images: Subcommand = {
  flags: '-a -q --all --digests --no-trunc --quiet --tree',
  valued: '-f --filter --format',
  operands: 1,
};
const stats: Subcommand = { flags: '-a --all --no-stream --no-trunc', valued: '--format' };
const list: Subcommand = { flags: '-q --quiet --no-trunc', valued: '-f --filter --format', operands: 0 };

/**
 * Reading subcommands. No option before the subcommand is covered: `-H`, `--context` and `--config` choose another daemon or
 * credential helpers. Not here: run, exec, cp, build, compose (they run or write), `events`, `search`, `login`.
 */
const CONTAINER_ENGINE: Readonly<Record<string, Subcommand>> = {
  ps,
  logs,
  inspect,
  images,
  stats,
  top: {},
  port: {},
  diff: { operands: 1 },
  history: { flags: '-H -q --human --no-trunc --quiet', valued: '--format', operands: 1 },
  start: { spelled: true },
  stop: { spelled: true, valued: '-t --timeout --time -s --signal' },
  restart: { spelled: true, valued: '-t --timeout --time -s --signal' },
  pause: { spelled: true },
  unpause: { spelled: true },
  kill: { spelled: true, valued: '-s --signal' },
  rm: { spelled: true, flags: '-f --force' },
  version: { valued: '-f --format', operands: 0 },
  info: { valued: '-f --format', operands: 0 },
  container: { subcommands: { ls: ps, list: ps, ps, logs, inspect, stats, top: {}, port: {} } },
  image: { subcommands: { ls: images, list: images, inspect } },
  volume: { subcommands: { ls: list, inspect } },
  network: { subcommands: { ls: list, inspect: { flags: '-v --verbose', valued: '-f --format' } } },
  system: {
    subcommands: {
      df: { flags: '-v --verbose', valued: '--format', operands: 0 },
      info: { valued: '-f --format', operands: 0 },
    },
  },
};

const KUBE_COMMON = '-n -l --namespace --selector --field-selector --request-timeout';

/** Kubernetes. Not here: `--kubeconfig`, `--server`, `--token`, `--as` (another cluster or person), `-f` (a file or URL), exec, cp, run, edit, apply. */
const KUBECTL: Readonly<Record<string, Subcommand>> = {
  get: {
    flags:
      '-A -w -L --all-namespaces --watch --watch-only --no-headers --show-labels --show-kind --ignore-not-found --show-managed-fields',
    valued: `${KUBE_COMMON} -o --output --sort-by --label-columns --chunk-size`,
  },
  describe: { flags: '-A --all-namespaces --show-events', valued: `${KUBE_COMMON} --chunk-size` },
  logs: {
    flags: '-f -p --follow --previous --timestamps --all-containers --prefix --ignore-errors',
    valued: `${KUBE_COMMON} -c --container --since --since-time --tail --limit-bytes --max-log-requests`,
    operands: 2,
  },
  top: {
    subcommands: {
      pod: { flags: '-A --all-namespaces --containers --no-headers --sum', valued: `${KUBE_COMMON} --sort-by` },
      pods: { flags: '-A --all-namespaces --containers --no-headers --sum', valued: `${KUBE_COMMON} --sort-by` },
      node: { flags: '--no-headers --show-capacity', valued: '-l --selector --sort-by' },
      nodes: { flags: '--no-headers --show-capacity', valued: '-l --selector --sort-by' },
    },
  },
  explain: { flags: '--recursive', valued: '--api-version --output', operands: 1 },
  version: { flags: '--client', valued: '-o --output', operands: 0 },
  'api-resources': {
    flags: '--namespaced --no-headers',
    valued: '--api-group --sort-by --verbs -o --output',
    operands: 0,
  },
  'api-versions': { operands: 0 },
  'cluster-info': { operands: 0 },
  rollout: {
    subcommands: {
      status: { flags: '-w --watch', valued: `${KUBE_COMMON} --timeout --revision` },
      history: { valued: `${KUBE_COMMON} --revision -o --output` },
      restart: { spelled: true, valued: '-n --namespace' },
    },
  },
  delete: { spelled: true, flags: '--ignore-not-found --now', valued: '-n --namespace --grace-period --timeout' },
  scale: { spelled: true, valued: '-n --namespace --replicas --current-replicas --timeout' },
  auth: {
    subcommands: {
      'can-i': { flags: '-q -A --quiet --all-namespaces --list --no-headers', valued: '-n --namespace --subresource' },
      whoami: { operands: 0 },
    },
  },
};

export const CONTAINER_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  docker: { source: 'docs.docker.com/reference/cli, Docker 27', subcommands: CONTAINER_ENGINE },
  podman: { source: 'podman(1) 5 and its subcommands', subcommands: CONTAINER_ENGINE },
  kubectl: {
    source: 'kubernetes.io/docs/reference/kubectl, 1.31; output templates read the answer only',
    subcommands: KUBECTL,
  },
  oc: {
    source: 'the same subcommands as kubectl',
    subcommands: { get: KUBECTL.get ?? {}, describe: KUBECTL.describe ?? {}, logs: KUBECTL.logs ?? {} },
  },
};
