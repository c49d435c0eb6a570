import { newId } from '@expacti/persistence';
import { startTypeScript } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { describe, expect, it } from '@jest/globals';
import { ApprovalsRig } from '../../test/approvals-rig.js';
import { reviewer } from '../../test/fixtures.js';

const ROUNDS = 3;
const PROGRAM = new URL('../../test/busy-queue.ts', import.meta.url);

/** Lets a process work on the queue, kills it after some answers, and returns what it was told. */
async function killedAfter(answers: number, url: string, org: string): Promise<string[][]> {
  const child = startTypeScript(PROGRAM, [url, org]);
  await new Promise<void>((resolve, reject) => {
    child.onLine(() => {
      if (child.lines.length >= answers) resolve();
    });
    void child.exited().then((exit) => reject(new Error(`ended by itself: ${JSON.stringify(exit)}\n${child.output}`)));
  }).finally(() => child.kill());
  // The last line may be cut off in the middle.
  return child.lines.filter((line) => /^\w+ apr_\w{26}( \S+)?$/.test(line)).map((line) => line.split(' '));
}

onEachDatabase((databases) => {
  describe('a queue whose process is killed again and again', () => {
    it('loses nothing that it answered, and decides and starts nothing twice', async () => {
      const rig = await new ApprovalsRig(databases).start();
      const org = newId('org');
      const told: string[][] = [];
      for (let round = 0; round < ROUNDS; round += 1) told.push(...(await killedAfter(150 + round * 37, rig.url, org)));
      const principal = reviewer({ org });
      const facts = Map.groupBy(await rig.facts(), ({ key }) => key);

      const closings = told.filter(([what]) => what === 'closed');
      expect(closings.length).toBeGreaterThan(ROUNDS * 20);
      for (const [what, id = '', detail] of told) {
        const approval = await rig.ask('approvals.get', { principal, id });
        const ofIt = facts.get(approval.command_id) ?? [];
        const count = (type: string) => ofIt.filter((fact) => fact.type === type).length;
        expect([count('command.submitted'), count('approval.requested')]).toEqual([1, 1]);
        expect(count('approval.closed')).toBe(approval.status === 'pending' ? 0 : 1);
        expect(approval.votes).toHaveLength(count('approval.voted'));
        if (what === 'closed') expect(approval.status).toBe(detail);
        if (what === 'started') {
          const started = ofIt.filter(({ type }) => type === 'command.started');
          expect(started.map(({ payload }) => payload.data.jti)).toEqual([detail]);
        }
      }
      await rig.remove();
    }, 180_000);
  });
});
