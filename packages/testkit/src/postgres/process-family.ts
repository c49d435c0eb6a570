import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLL_MS = 5;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Ended, and only not yet taken note of by its parent. */
  readonly isZombie: boolean;
}

async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), isZombie: state.startsWith('Z') };
    });
}

/** The ids of a process's children: of PostgreSQL, one for each connection and each chore. */
export async function childrenOf(pid: number): Promise<number[]> {
  return (await processes()).filter(({ parent }) => parent === pid).map((child) => child.pid);
}

/** Resolves when none of these processes runs any more. */
export async function untilGone(pids: readonly number[], withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = (await processes()).filter(({ pid, isZombie }) => pids.includes(pid) && !isZombie);
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Still running after ${withinMs} ms: ${JSON.stringify(left)}`);
    await sleep(POLL_MS);
  }
}

/** Signals each of the processes that still exist. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
