import { globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@expacti/testkit';

const LIBRARIES = ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib*/faketime/libfaketime.so.1'];

function libfaketime(): string {
  const [found] = LIBRARIES.flatMap((pattern) => globSync(pattern));
  if (found === undefined) throw new Error('No libfaketime was found: install it (apt-get install faketime)');
  return found;
}

/**
 * The wall clock of processes, which can be made to jump while they run. The monotonic clock and timers go on as they
 * should, as when somebody sets a machine's clock.
 */
export class LyingClock {
  readonly #folder = temporaryFolder('expacti-clock');
  readonly #file = join(this.#folder.path, 'offset');
  #offset = 0;

  constructor() {
    this.set(0);
  }

  /** For processes that are to go by this clock. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: libfaketime(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param seconds by which it is ahead of the true time (behind, where negative); in force at once */
  set(seconds: number): void {
    this.#offset = seconds;
    // Never half a file: the library looks into it each time that somebody asks what time it is.
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Milliseconds since the epoch, as its processes are told. */
  now(): number {
    return Date.now() + this.#offset * 1_000;
  }

  remove(): void {
    this.#folder.remove();
  }
}
