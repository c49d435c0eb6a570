import type { ProgramOptions } from '../guard/option-table.js';

type Subcommand = Omit<ProgramOptions, 'source'>;

const KUBE_COMMON = '-n -l --namespace --selector --field-selector --request-timeout';

/** Kubernetes. Not here: `--kubeconfig`, `--server`, `--token`, `--as` (another cluster or person), `-f` (a file or URL), exec, cp, run, edit, apply. */
const KUBECTL: Readonly<Record<string, Subcommand>> = {
  get: {
    flags:
      '-A -w --all-namespaces --watch --watch-only --no-headers --show-labels --show-kind --ignore-not-found --show-managed-fields',
    valued: `${KUBE_COMMON} -L -o --output --sort-by --label-columns --chunk-size`,
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

export const KUBERNETES_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  kubectl: {
    source: 'kubernetes.io/docs/reference/kubectl, 1.31; output templates read the answer only',
    subcommands: KUBECTL,
  },
  oc: {
    source: 'the same subcommands as kubectl',
    subcommands: { get: KUBECTL.get ?? {}, describe: KUBECTL.describe ?? {}, logs: KUBECTL.logs ?? {} },
  },
};
