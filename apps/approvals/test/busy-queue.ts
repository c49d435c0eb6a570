import { appendFileSync } from 'node:fs';
import { databaseAt } from '@expacti/testkit';
import { ApprovalsRig } from './approvals-rig.js';
import { agent, ballot, held, reviewer } from './fixtures.js';

/**
 * A process that submits, votes and starts as fast as it can until it is killed, and prints each answer it got: what is
 * printed was acknowledged.
 */

const [url, org] = process.argv.slice(2);
if (url === undefined || org === undefined) throw new Error('usage: busy-queue DATABASE_URL ORG');
const WORKERS = 8;

const rig = await new ApprovalsRig(databaseAt(url)).start();
const bot = agent({ org });
const rita = reviewer({ org });
const tom = reviewer({ org, name: 'Tom' });

/** Written by the kernel before the next step begins: a kill cannot take it back. */
const say = (...words: string[]): void => appendFileSync(1, `${words.join(' ')}\n`);

async function work(worker: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const { command, approval } = await rig.ask('approvals.submit', {
      principal: bot,
      held: held(`echo ${worker} ${number}`, { pending_limit: 10_000, timeout: { action: 'hold', seconds: 86_400 } }),
    });
    if (approval === null) throw new Error('not held');
    say('submitted', approval.id);
    if (number % 4 === 3) continue;
    // Two people who disagree, at the same moment.
    const votes = await Promise.allSettled([
      rig.ask('approvals.vote', ballot(rita, approval)),
      rig.ask('approvals.vote', ballot(tom, approval, { verb: 'deny' })),
    ]);
    for (const vote of votes) if (vote.status === 'fulfilled') say('closed', approval.id, vote.value.status);
    const grants = await Promise.allSettled(
      [1, 2].map(() => rig.ask('approvals.start', { principal: bot, id: command.id, receipt_seconds: 60 })),
    );
    for (const grant of grants) if (grant.status === 'fulfilled') say('started', approval.id, grant.value.jti);
  }
}

await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
