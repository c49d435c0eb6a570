import { readFileSync } from 'node:fs';

/** The kernel counts CPU time in hundredths of a second for user space, whatever its own tick is. */
const MS_PER_TICK = 10;
/** Places in `/proc/<pid>/stat` after the command's name, which may hold blanks itself: user and system time. */
const OWN_TICKS = [11, 12];
/** The same of children that have ended and were waited for. */
const ENDED_CHILDRENS_TICKS = [13, 14];

/** CPU time that a process has used so far, all its threads, in milliseconds. */
export const cpuMs = (pid: number): number => ticksMs(`/proc/${pid}/stat`, OWN_TICKS);

/** Of its first thread alone: what cannot be spread over several cores. */
export const mainThreadMs = (pid: number): number => ticksMs(`/proc/${pid}/task/${pid}/stat`, OWN_TICKS);

/** Of a process, its children that run, and those that have ended. */
export function familyCpuMs(pid: number): number {
  const own = ticksMs(`/proc/${pid}/stat`, [...OWN_TICKS, ...ENDED_CHILDRENS_TICKS]);
  return childrenOf(pid).reduce(
    (sum, child) => sum + (unlessEnded(() => ticksMs(`/proc/${child}/stat`, OWN_TICKS)) ?? 0),
    own,
  );
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1_024;
}

/** Memory of a process and its children in MiB, pages that several of them share counted once. */
export function familyMiB(pid: number): number {
  const shareOf = (one: number) => {
    const kib = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kib) / 1_024;
  };
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + (unlessEnded(() => shareOf(one)) ?? 0), 0);
}

/** A child may end between two looks; its time is then its parent's. */
function unlessEnded<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

function ticksMs(file: string, places: readonly number[]): number {
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return places.reduce((sum, place) => sum + Number(fields[place]), 0) * MS_PER_TICK;
}
