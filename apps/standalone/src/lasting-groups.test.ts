import { join } from 'node:path';
import { Configuration } from '@expacti/platform';
import { LASTING_GROUPS } from '@expacti/platform/process';
import { temporaryFolder } from '@expacti/testkit';
import { afterAll, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { startServer } from './standalone-server.js';

const folder = temporaryFolder('expacti-groups');
afterAll(() => folder.remove());

it('the groups that a distributed installation makes first are those that the services have', async () => {
  const server = await startServer(
    Configuration.parse({ port: 0, eval: true, log_level: 'silent', data_dir: folder.path }),
  );
  await server.close();
  const file = new Database(join(folder.path, 'expacti.db'), { readonly: true });
  const groups = file.prepare('SELECT group_name FROM messaging_groups').pluck().all() as string[];
  file.close();
  expect(groups.filter((name) => name !== 'reviewers').sort()).toEqual([...LASTING_GROUPS].sort());
}, 60_000);
