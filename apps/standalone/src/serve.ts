import { type ConfigurationPlaces, readConfiguration } from '@expacti/platform';
import { startServer } from './standalone-server.js';

/** Runs the server until it is told to stop (SIGTERM, SIGINT). */
export async function serve(places: ConfigurationPlaces = {}): Promise<void> {
  // From the beginning: who is told to stop while it starts comes to an orderly end, too.
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const server = await startServer(readConfiguration(places));
  process.stdout.write(`expacti listens on ${server.url} (dashboard: ${server.url}/app)\n`);
  if (server.setupUrl) process.stdout.write(`Make the first owner here (the link works once):\n  ${server.setupUrl}\n`);
  await told;
  await server.close();
}
