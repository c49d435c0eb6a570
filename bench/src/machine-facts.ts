import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';

/** What a reader of the figures must know of where they were taken. */
export interface MachineFacts {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  /** 1, 5 and 15 minutes: above a few tenths when the measuring starts, somebody else was at work. */
  load: number[];
  /** The share of the last ten seconds in which something waited for a CPU, in percent; null where it is not told. */
  cpuPressure: number | null;
}

export function machineFacts(): MachineFacts {
  const [first] = cpus();
  return {
    cpu: first?.model ?? arch(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    load: loadavg().map((load) => Math.round(load * 100) / 100),
    cpuPressure: cpuPressure(),
  };
}

function cpuPressure(): number | null {
  try {
    const share = /^some avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1];
    return share === undefined ? null : Number(share);
  } catch {
    return null;
  }
}
