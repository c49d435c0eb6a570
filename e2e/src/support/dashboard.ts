import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser, type TestBrowser } from '@expacti/testkit/browser';
import type { Page } from 'playwright-core';
import { REVIEWER_TOKEN } from './rest.js';

const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url));

type View = NonNullable<Parameters<typeof openBrowser>[0]>;

export const PHONE: View = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
export const DESKTOP: View = { viewport: { width: 1440, height: 900 } };

/** A reviewer's browser, and everything that went wrong in its console. */
export class Dashboard {
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly browser: TestBrowser,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (line) => {
      // Before signing in, the page asks whether a session can be renewed; the browser reports the 401 by itself.
      if (line.type() === 'error' && !line.text().includes('401')) this.problems.push(line.text());
    });
  }

  static async open(url: string, view: View = DESKTOP): Promise<Dashboard> {
    const browser = await openBrowser(view);
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    return new Dashboard(page, browser, url);
  }

  async signInToEvaluation(): Promise<void> {
    await this.page.goto(`${this.url}/app/`);
    await this.page.getByRole('textbox', { name: 'Demo token' }).fill(REVIEWER_TOKEN);
    await this.page.getByRole('button', { name: 'Open the demo' }).click();
    await this.page.getByRole('status', { name: /Connected/ }).waitFor({ state: 'attached' });
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(`${this.url}/app${path}`);
    await this.page.getByRole('main').waitFor();
  }

  /** Keeps a picture to be looked at. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
