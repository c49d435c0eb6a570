import { readConfiguration } from '@expacti/platform';
import { answer, type CliContext } from '../context.js';
import { table } from '../display/table.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';

export interface StreamsFlags {
  config?: string;
}

/** `expacti streams dead list`: what consumers have given up. */
export function listDead(context: CliContext, flags: StreamsFlags & { group?: string }): Promise<number> {
  return withBus(flags, async (bus) => {
    const letters = await bus.deadLetters(flags.group);
    answer(context, { data: letters }, () =>
      letters.length === 0
        ? 'There are no dead letters.'
        : table([
            ['id', 'group', 'type', 'attempts', 'died', 'error'],
            ...letters.map(({ id, group, event, attempts, at, error }) => [
              id,
              group,
              event.type,
              String(attempts),
              at,
              error.replaceAll(/\s+/g, ' ').slice(0, 120),
            ]),
          ]),
    );
    return EXIT.ok;
  });
}

/** `expacti streams dead replay`: hands them to their group once more. */
export function replayDead(
  context: CliContext,
  ids: readonly string[],
  flags: StreamsFlags & { all?: boolean; group?: string },
): Promise<number> {
  return withBus(flags, async (bus) => {
    const chosen = flags.all ? (await bus.deadLetters(flags.group)).map(({ id }) => id) : ids;
    if (chosen.length === 0 && !flags.all)
      throw new CliFailure('Name the dead letters to replay, or --all.', EXIT.usage, 'USAGE');
    const results: { id: string; replayed: boolean }[] = [];
    for (const id of chosen) results.push({ id, replayed: await bus.replay(id) });
    const missing = results.filter(({ replayed }) => !replayed);
    answer(context, { data: results }, () =>
      [
        `${results.length - missing.length} replayed.`,
        ...missing.map(({ id }) => `${id}: there is no such dead letter (any more).`),
      ].join('\n'),
    );
    return missing.length === 0 ? EXIT.ok : EXIT.notFound;
  });
}

type DeadLetterBus = Pick<import('@expacti/messaging').Bus, 'deadLetters' | 'replay'>;

/** The bus of the installation that the configuration names, for as long as the work takes. */
async function withBus(flags: StreamsFlags, work: (bus: DeadLetterBus) => Promise<number>): Promise<number> {
  const { redis_url: url, redis_prefix: prefix, partitions } = readConfiguration({ configFile: flags.config });
  if (url === undefined)
    throw new CliFailure(
      'Set redis_url (EXPACTI_REDIS_URL) to the Redis of the installation. A server that runs everything in one process keeps its dead letters in its own database.',
      EXIT.configuration,
      'NO_REDIS',
    );
  const { RedisStreamsBus } = await import('@expacti/messaging');
  const bus = new RedisStreamsBus({ settings: { url, prefix }, partitions });
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}
