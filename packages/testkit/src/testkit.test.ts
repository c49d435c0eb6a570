import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findChromium, openBrowser } from './browser.js';
import { Child } from './child.js';
import { FakeClock } from './fake-clock.js';
import { freePort } from './free-port.js';
import { startTypeScript } from './start-typescript.js';
import { temporaryDatabase } from './temporary-database.js';
import { untilReady } from './until-ready.js';

const children: Child[] = [];
const started = (child: Child): Child => {
  children.push(child);
  return child;
};

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
});

describe('a fake clock', () => {
  it('runs what falls due, in order, also what that schedules, and nothing else', () => {
    const clock = new FakeClock(1_000);
    const log: string[] = [];
    const note = (name: string) => () => void log.push(`${name} at ${clock.now()}`);
    clock.schedule(30, note('c'));
    clock.schedule(10, () => {
      note('a')();
      clock.schedule(10, note('b'));
    });
    const cancel = clock.schedule(20, note('never'));
    cancel();
    cancel();
    clock.advance(25);
    expect(log).toEqual(['a at 1010', 'b at 1020']);
    expect([clock.now(), clock.waiting]).toEqual([1_025, 1]);
    clock.advance(5);
    expect(log.at(-1)).toBe('c at 1030');
  });
});

describe('a server of a test', () => {
  const fixture = new URL('../fixtures/echo-server.ts', import.meta.url);

  it('is started from its source, waited for, and stopped', async () => {
    const port = await freePort();
    const server = started(startTypeScript(fixture, [String(port)]));
    await untilReady(server, `http://127.0.0.1:${port}/`);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.lines).toEqual([`listening on ${port}`, 'goodbye']);
  }, 30_000);

  it('can be killed outright', async () => {
    const port = await freePort();
    const server = started(startTypeScript(fixture, [String(port)]));
    await untilReady(server, `http://127.0.0.1:${port}/`);
    expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  }, 30_000);

  it('that ends instead is reported with what it printed', async () => {
    const server = started(new Child(process.execPath, ['-e', 'console.error("no port"); process.exit(3)']));
    await expect(untilReady(server, 'http://127.0.0.1:1/')).rejects.toThrow(/"code":3[\s\S]*no port/);
  });
});

describe('a temporary database', () => {
  it('is migrated, keeps its contents over a restart, and leaves nothing behind', async () => {
    const temporary = await temporaryDatabase({ entities: [], migrations: [] });
    await temporary.database.append('outbox_events', [
      { event_id: 'evt_1', type: 't', org: 'o', key: 'k', at: 'now', payload: '{}' },
    ]);
    await temporary.reopen();
    const count = await temporary.database.read((manager) => manager.query('SELECT count(*) AS n FROM outbox_events'));
    expect(count).toEqual([{ n: 1 }]);
    await temporary.remove();
    expect(existsSync(temporary.url.slice('sqlite:'.length))).toBe(false);
  });
});

describe('a browser of a test', () => {
  it('is the one that is named, or found, or an error that says what to install', () => {
    expect(findChromium({ CHROMIUM_PATH: process.execPath, PATH: '' })).toBe(process.execPath);
    expect(() => findChromium({ PATH: '/nowhere' })).toThrow(/apt-get install chromium/);
  });

  it('shows a page', async () => {
    const browser = await openBrowser({ viewport: { width: 375, height: 667 } });
    const page = await browser.context.newPage();
    await page.setContent('<title>hello</title>');
    expect(await page.title()).toBe('hello');
    expect(await page.evaluate('innerWidth')).toBe(375);
    await browser.close();
  }, 60_000);
});
