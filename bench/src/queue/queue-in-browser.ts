import { eventually } from '@expacti/testkit';
import { openBrowser, type TestBrowser } from '@expacti/testkit/browser';
import { REVIEWER_TOKEN } from '../support/measured-server.js';

/** Where the dashboard keeps the token of evaluation mode. */
const TOKEN_KEY = 'expacti.eval-token';
const ROWS = '[aria-label="Waiting requests"] li';
const PRESSES = 60;
const WARM_UP = 10;
const WITHIN_MS = 120_000;

type Page = Awaited<ReturnType<TestBrowser['context']['newPage']>>;

export interface BrowserFigures {
  readonly milliseconds: Map<string, number[]>;
  /** Used after a collection. */
  readonly heapMiB: number;
}

/** What the measuring leaves in the page. */
interface Marks {
  firstRow?: number;
  toPaint: number[];
}

/** The reviewer's page in Chromium: until the first row is there, until all are known, from a key to the next paint. */
export async function measureBrowser(url: string): Promise<BrowserFigures> {
  const browser = await openBrowser({ viewport: { width: 1_280, height: 800 } });
  try {
    const page = await browser.context.newPage();
    await page.addInitScript(`sessionStorage.setItem('${TOKEN_KEY}', '${REVIEWER_TOKEN}'); (${watchPage})('${ROWS}')`);
    await page.goto(`${url}/app/queue`);
    await page.waitForSelector(ROWS, { timeout: WITHIN_MS });
    const { total } = await pendingOf(url);
    await page.waitForSelector(`${ROWS}[aria-setsize="${total}"]`, { timeout: WITHIN_MS });
    const complete = (await page.evaluate('performance.now()')) as number;
    for (let press = 0; press < WARM_UP + PRESSES; press += 1) await page.keyboard.press(press % 8 === 7 ? 'k' : 'j');
    await eventually(
      async () => (await marksOf(page)).toPaint.length === WARM_UP + PRESSES,
      'the last paint',
      WITHIN_MS,
    );
    const { firstRow = Number.NaN, toPaint } = await marksOf(page);
    const session = await browser.context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return {
      milliseconds: new Map([
        ['dashboard: first row', [firstRow]],
        ['dashboard: all rows known', [complete]],
        ['dashboard: key to paint', toPaint.slice(WARM_UP)],
      ]),
      heapMiB: usedSize / 2 ** 20,
    };
  } finally {
    await browser.close();
  }
}

// The page's own policy forbids `eval`, and with it Playwright's ways to wait for an expression.
const marksOf = async (page: Page): Promise<Marks> => (await page.evaluate('benchMarks')) as Marks;

async function pendingOf(url: string): Promise<{ total: number }> {
  const response = await fetch(`${url}/api/v1/approvals/summary`, {
    headers: { authorization: `Bearer ${REVIEWER_TOKEN}` },
  });
  const { pending } = (await response.json()) as { pending: number };
  return { total: pending };
}

/** Runs in the page, as text: notes when the first row is there and when each key has been painted. */
const watchPage = `function (rows) {
  const marks = { toPaint: [] };
  globalThis.benchMarks = marks;
  new MutationObserver((_, observer) => {
    if (!document.querySelector(rows)) return;
    observer.disconnect();
    requestAnimationFrame(() => { marks.firstRow = performance.now(); });
  }).observe(document, { childList: true, subtree: true });
  addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      // A message sent in a frame arrives after that frame was painted.
      port1.onmessage = () => { marks.toPaint.push(performance.now() - event.timeStamp); };
      port2.postMessage(0);
    });
  }, { capture: true });
}`;
