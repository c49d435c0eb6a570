import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { accessibilityViolations } from './support/accessibility.js';
import { Agent } from './support/agent.js';
import { Dashboard, PHONE } from './support/dashboard.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
let agent: Agent;
let dashboard: Dashboard;

beforeAll(async () => {
  server = await RunningServer.start({ eval: 'true', limits__requests_per_second: '1000' });
  await caller(server.url, REVIEWER_TOKEN)('PATCH', '/org', { timeout: { action: 'deny', seconds: 600 } });
  agent = await Agent.connect(server.url, SHELL_TOKEN, { session: { name: 'browser tests' } });
}, PATIENCE_MS);
afterAll(async () => {
  agent.close();
  await server.remove();
});
afterEach(async () => {
  // What a failing test saw last.
  await dashboard.screenshot(`last-${expect.getState().currentTestName?.replaceAll(/\W+/g, '-').slice(0, 60)}`);
  expect(dashboard.problems).toEqual([]);
  await dashboard.close();
});

const reviewer = async (view?: Parameters<typeof Dashboard.open>[1]) => {
  dashboard = await Dashboard.open(server.url, view);
  await dashboard.signInToEvaluation();
  return dashboard.page;
};

describe('a reviewer at the queue', () => {
  it('sees a held command arrive, approves and remembers it by keyboard, and does not see its repeat', async () => {
    const page = await reviewer();
    const ref = agent.submit('docker logs web1', { reason: 'look at the error' });
    await page.getByRole('link', { name: /docker logs web1/ }).waitFor();
    const request = page.getByRole('article', { name: 'Request' });
    await request.getByText('look at the error').waitFor();
    await dashboard.screenshot('queue');
    await page.keyboard.press('r');
    await page.getByRole('radio', { name: 'This exact text' }).waitFor();
    await dashboard.screenshot('remember');
    await page.getByRole('button', { name: 'Approve and remember' }).press('Enter');
    expect(await agent.decided(ref)).toMatchObject({
      outcome: 'allowed',
      source: 'reviewer',
      command: 'docker logs web1',
    });

    const repeat = await eventuallyByRule('docker logs web1');
    expect(repeat).toMatchObject({ outcome: 'allowed', source: 'rule' });
    // What was decided stays in sight until the reviewer moves on.
    await page.getByText('0 waiting').waitFor();
    await dashboard.visit('/queue');
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    await dashboard.screenshot('empty');
  });

  it('denies with a reason that reaches the agent', async () => {
    const page = await reviewer();
    const ref = agent.submit('rm -rf /srv/data');
    await page.getByRole('link', { name: /rm -rf \/srv\/data/ }).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('textbox', { name: 'Why not?' }).fill('not in production');
    await page.getByRole('button', { name: 'Deny', exact: true }).click();
    expect(await agent.decided(ref)).toMatchObject({
      outcome: 'denied',
      source: 'reviewer',
      reason: 'not in production',
    });
  });

  it('edits, and the agent runs the edited text', async () => {
    const page = await reviewer();
    const ref = agent.submit('cat /var/log/app.log');
    await page.getByRole('link', { name: /cat \/var\/log\/app.log/ }).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'The command to allow instead' }).fill('tail -n 5 /var/log/app.log');
    await page.getByRole('region', { name: 'As it is read' }).getByText('tail').waitFor();
    await dashboard.screenshot('edit');
    await page.getByRole('button', { name: /Approve/ }).click();
    expect(await agent.decided(ref)).toMatchObject({
      outcome: 'allowed',
      edited: true,
      command: 'tail -n 5 /var/log/app.log',
    });
  });

  it('sees hostile text inert: hidden characters labelled, markup as text', async () => {
    const page = await reviewer();
    const command = 'echo \u202e<img src=x onerror="document.title=1"> p\u0430y \u200b done';
    const ref = agent.submit(command, { reason: '<script>document.title="owned"</script>\u202e' });
    const request = page.getByRole('article', { name: 'Request' });
    await request
      .getByText(/U\+202E/)
      .first()
      .waitFor();
    await request
      .getByText(/U\+200B/)
      .first()
      .waitFor();
    await request.getByText('<script>document.title="owned"</script>').first().waitFor();
    expect(await page.title()).toMatch(/Queue/);
    await dashboard.screenshot('hostile');
    const pending = await agent.answer(ref);
    agent.send({ type: 'command.cancel', command_id: pending.command_id });
    await agent.decided(ref);
  });

  it('moves by j and k, selects and decides several at once', async () => {
    const page = await reviewer();
    const refs = ['echo one', 'echo two', 'echo three'].map((command) => agent.submit(command));
    for (const text of ['echo one', 'echo two', 'echo three'])
      await page.getByRole('link', { name: new RegExp(text) }).waitFor();
    const selected = () => new URL(page.url()).pathname;
    const first = selected();
    await page.keyboard.press('j');
    await page.waitForURL((url) => url.pathname !== first);
    await page.keyboard.press('k');
    await page.waitForURL((url) => url.pathname === first);
    for (const box of await page.getByRole('checkbox', { name: /Select the request/ }).all()) await box.check();
    await dashboard.screenshot('bulk');
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Approve 3' }).click();
    for (const ref of refs) expect((await agent.decided(ref)).outcome).toBe('allowed');
  });

  it('explains the keys on ?', async () => {
    const page = await reviewer();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await dashboard.screenshot('help');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  });
});

describe('a reviewer on a phone', () => {
  it('decides with the thumb', async () => {
    const page = await reviewer(PHONE);
    const ref = agent.submit('systemctl restart web', { reason: 'new configuration' });
    await page.getByRole('link', { name: /systemctl restart web/ }).tap();
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    await dashboard.screenshot('phone-request');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.getByRole('button', { name: /^Approve/ }).tap();
    expect((await agent.decided(ref)).outcome).toBe('allowed');
  });
});

describe('the rule tester', () => {
  it('explains how a command would be judged, part by part', async () => {
    const page = await reviewer();
    await dashboard.visit('/rules');
    await page.getByRole('textbox', { name: 'Try a command' }).fill('docker logs web1 && rm -rf /');
    await page
      .getByText(/held|review/i)
      .first()
      .waitFor();
    await dashboard.screenshot('rule-tester');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page
      .getByRole('textbox', { name: /pattern|text/i })
      .first()
      .waitFor();
    await dashboard.screenshot('new-rule');
  });
});

const VIEWS = [
  '/queue',
  '/sessions',
  '/history',
  '/rules',
  '/rules/new',
  '/suggestions',
  '/agents',
  '/targets',
  '/settings/appearance',
  '/settings/timeouts',
  '/settings/people',
];

describe.each(['light', 'dark'] as const)('every view in the %s theme', (colorScheme) => {
  it(
    'has nothing that axe objects to, and does not scroll sideways',
    async () => {
      const held = agent.submit(`find . -name '*.log' -exec gzip {} \\; # ${colorScheme}`, { reason: 'tidy up' });
      const { command_id } = await agent.answer(held);
      const page = await reviewer({ colorScheme, viewport: { width: 1280, height: 800 } });
      for (const view of VIEWS) {
        await dashboard.visit(view);
        await page.waitForLoadState('networkidle');
        await dashboard.screenshot(`${colorScheme}${view.replaceAll('/', '-')}`);
        expect([view, await accessibilityViolations(page)]).toEqual([view, []]);
        expect([view, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)]).toEqual([
          view,
          true,
        ]);
      }
      agent.send({ type: 'command.cancel', command_id });
      await agent.decided(held);
    },
    PATIENCE_MS,
  );
});

/** Asks until the rule is in force; what is held meanwhile is withdrawn. */
async function eventuallyByRule(command: string) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const ref = agent.submit(command);
    const answer = await agent.answer(ref);
    if (answer.type === 'command.decided') return answer;
    agent.send({ type: 'command.cancel', command_id: answer.command_id });
    await agent.decided(ref);
  }
  throw new Error('no rule came into force');
}
