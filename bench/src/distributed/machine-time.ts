import { readFileSync } from 'node:fs';

/** CPU time of the whole machine so far, all cores, in seconds. */
export interface MachineTime {
  readonly busy: number;
  readonly idle: number;
}

const TICKS_PER_SECOND = 100;

export function machineTime(): MachineTime {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupt = 0, soft = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) / TICKS_PER_SECOND);
  return { busy: user + nice + system + interrupt + soft + stolen, idle: idle + waiting };
}
