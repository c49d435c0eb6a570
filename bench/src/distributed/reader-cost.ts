import { Redis } from 'ioredis';
import type { CpuCost } from '../scale/measured-costs.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepBusy } from '../support/in-flight.js';
import { newestEvent } from '../support/newest-event.js';
import { cpuMs, mainThreadMs } from '../support/process-usage.js';

const READERS = 8;
const EVENTS = 8_000;
const IN_FLIGHT = 16;
const ROUNDS = 3;
const STREAM = 'readers';

/**
 * What one reader more costs Redis per event: what a further gateway does to it. Bare, on a stream of its own: beside all
 * that the system does with an event the difference would be lost.
 */
export async function readerCost(system: DistributedSystem): Promise<CpuCost> {
  const event = Object.entries(await newestEvent(system.admin, 'command.decided')).flat();
  const writer = new Redis(system.redis.url);
  const { pid } = system.redis;
  const write = async () => {
    const [cpu, thread] = [cpuMs(pid), mainThreadMs(pid)];
    let left = EVENTS;
    await keepBusy(IN_FLIGHT, async () => {
      left -= 1;
      if (left < 0) return false;
      await writer.xadd(STREAM, 'MAXLEN', '~', 1_000, '*', ...event);
      return true;
    });
    return { cpu: cpuMs(pid) - cpu, thread: mainThreadMs(pid) - thread };
  };
  let [cpu, thread] = [0, 0];
  try {
    await write();
    // In turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) {
      const alone = await write();
      const readers = Array.from({ length: READERS }, () => readForever(system.redis.url));
      const together = await write();
      await Promise.all(readers.map((stop) => stop()));
      cpu += together.cpu - alone.cpu;
      thread += together.thread - alone.thread;
    }
  } finally {
    writer.disconnect();
  }
  const each = (ms: number) => Math.max(0, (ms * 1_000) / EVENTS / READERS / ROUNDS);
  return { cpu_us: each(cpu), thread_us: each(thread) };
}

/** Reads as a gateway does: waits at the server for whatever comes. Returns what ends it. */
function readForever(url: string): () => Promise<void> {
  const redis = new Redis(url, { retryStrategy: null });
  const reading = (async () => {
    let last = '$';
    for (;;) {
      const found = await redis.xread('COUNT', 256, 'BLOCK', 1_000, 'STREAMS', STREAM, last);
      last = found?.[0]?.[1].at(-1)?.[0] ?? last;
    }
  })().catch(() => undefined);
  return async () => {
    redis.disconnect();
    await reading;
  };
}
