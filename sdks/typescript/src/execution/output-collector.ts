/** A piece of output as it came. */
export interface OutputEvent {
  stream: 'stdout' | 'stderr';
  data: Buffer;
}

/** Keeps the beginning of what a command writes, up to a limit, and counts all of it. */
export class OutputCollector {
  private readonly kept: OutputEvent[] = [];
  private readonly limit: number;
  private keptBytes = 0;
  bytes = 0;

  /** @param limit Bytes to keep. */
  constructor(limit: number) {
    this.limit = limit;
  }

  add(event: OutputEvent): void {
    this.bytes += event.data.length;
    const room = this.limit - this.keptBytes;
    if (room <= 0) return;
    const data = event.data.subarray(0, room);
    this.kept.push({ stream: event.stream, data });
    this.keptBytes += data.length;
  }

  get truncated(): boolean {
    return this.bytes > this.keptBytes;
  }

  /** One stream's text, or both in the order in which they came. */
  text(stream?: OutputEvent['stream']): string {
    const parts = this.kept.filter((event) => stream === undefined || event.stream === stream);
    return Buffer.concat(parts.map((event) => event.data)).toString('utf8');
  }
}
