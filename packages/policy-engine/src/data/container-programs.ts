import type { ProgramOptions } from '../guard/option-table.js';

type Subcommand = Omit<ProgramOptions, 'source'>;

const ps: Subcommand = {
  flags: '-a -l -q -s --all --latest --no-trunc --quiet --size',
  valued: '-f -n --filter --format --last',
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
const DOCKER: Readonly<Record<string, Subcommand>> = {
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

const podmanPs: Subcommand = {
  flags: '-a -l -p -q -s --all --latest --no-trunc --noheading --pod --quiet --size --sync --external',
  valued: '-f -n --filter --format --last --sort',
  operands: 0,
};
const podmanLogs: Subcommand = {
  // Here -n is --names: docker's -n takes a value.
  flags: '-f -l -n -t --color --follow --latest --names --timestamps',
  valued: '--tail --since --until',
};
const podmanInspect: Subcommand = { flags: '-l -s --latest --size', valued: '-f --format -t --type' };
const podmanImages: Subcommand = {
  flags: '-a -n -q --all --digests --history --no-trunc --noheading --quiet',
  valued: '-f --filter --format --sort',
  operands: 1,
};
const podmanStats: Subcommand = {
  flags: '-a -l --all --latest --no-reset --no-stream --no-trunc',
  valued: '-i --interval --format',
};
const podmanList: Subcommand = {
  flags: '-n -q --noheading --quiet --no-trunc',
  valued: '-f --filter --format',
  operands: 0,
};
const podmanTop: Subcommand = { operands: 1 };
const podmanStop: Subcommand = { spelled: true, valued: '-t --time' };

/** Not docker's table: letters differ, and podman reads its global options (`--url`, `--cpu-profile`) behind a subcommand too. */
const PODMAN: Readonly<Record<string, Subcommand>> = {
  ps: podmanPs,
  logs: podmanLogs,
  inspect: podmanInspect,
  images: podmanImages,
  stats: podmanStats,
  top: podmanTop,
  port: { operands: 2 },
  diff: { operands: 1 },
  history: { flags: '-H -q --human --no-trunc --quiet', valued: '--format', operands: 1 },
  start: { spelled: true },
  stop: podmanStop,
  restart: podmanStop,
  pause: { spelled: true },
  unpause: { spelled: true },
  kill: { spelled: true, valued: '-s --signal' },
  rm: { spelled: true, flags: '-f --force' },
  version: { valued: '-f --format', operands: 0 },
  info: { valued: '-f --format', operands: 0 },
  container: {
    subcommands: {
      ls: podmanPs,
      list: podmanPs,
      ps: podmanPs,
      logs: podmanLogs,
      inspect: podmanInspect,
      stats: podmanStats,
      top: podmanTop,
    },
  },
  image: { subcommands: { ls: podmanImages, list: podmanImages, inspect: { valued: '-f --format' } } },
  volume: { subcommands: { ls: podmanList, inspect: { valued: '-f --format' } } },
  network: { subcommands: { ls: podmanList, inspect: { valued: '-f --format' } } },
  system: {
    subcommands: {
      df: { flags: '-v --verbose', valued: '--format', operands: 0 },
      info: { valued: '-f --format', operands: 0 },
    },
  },
};

export const CONTAINER_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  docker: { source: 'docs.docker.com/reference/cli, Docker 27', subcommands: DOCKER },
  podman: { source: 'podman(1) 5 and the pages of its subcommands', subcommands: PODMAN },
};
