import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@expacti/testkit';
import { quantile } from '../figure.js';

const APPENDS = 400;
const EVENT = Buffer.alloc(1_000, 'x');

/** One append of an event's size and one `fdatasync`, where Redis keeps its log: p50 in microseconds. */
export function fsyncMicroseconds(): number {
  const folder = temporaryFolder('expacti-bench-fsync');
  const file = openSync(join(folder.path, 'log'), 'a');
  try {
    const times: number[] = [];
    for (let append = 0; append < APPENDS; append += 1) {
      const began = performance.now();
      writeSync(file, EVENT);
      fdatasyncSync(file);
      times.push((performance.now() - began) * 1_000);
    }
    return quantile(times, 0.5);
  } finally {
    closeSync(file);
    folder.remove();
  }
}
