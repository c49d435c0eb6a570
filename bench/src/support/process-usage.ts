import { readFileSync } from 'node:fs';

/** The kernel counts CPU time in hundredths of a second for user space, whatever its own tick is. */
const MS_PER_TICK = 10;
/** Places in `/proc/<pid>/stat` after the command's name, which may hold blanks itself. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** CPU time that a process has used so far, all its threads, in milliseconds. */
export function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * MS_PER_TICK;
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1_024;
}
