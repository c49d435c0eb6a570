import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type LaunchOptions } from 'playwright-core';
import { temporaryFolder } from './temporary-folder.js';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The system's Chromium: `CHROMIUM_PATH`, or the first of its usual names on `PATH`. Throws what to install. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHROMIUM_PATH, PATH = '' } = environment;
  const candidates = CHROMIUM_PATH
    ? [CHROMIUM_PATH]
    : PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new Error(
      'No Chromium was found: install it (apt-get install chromium) or name its program in CHROMIUM_PATH',
    );
  }
  return found;
}

/** Headless, without the traffic of its own that a browser would make, and able to run as root in a container. */
export function chromiumOptions(): LaunchOptions {
  return {
    executablePath: findChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
      '--disable-quic',
    ],
  };
}

/** A browser with an empty profile of its own; `close` ends it and removes the profile. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

type ContextOptions = Parameters<typeof chromium.launchPersistentContext>[1];

/** Starts Chromium. `options` are those of a Playwright context: viewport, colour scheme, base URL. */
export async function openBrowser(options: ContextOptions = {}): Promise<TestBrowser> {
  const profile = temporaryFolder('expacti-browser');
  const context = await chromium.launchPersistentContext(profile.path, { ...chromiumOptions(), ...options });
  return {
    context,
    close: async () => {
      await context.close();
      profile.remove();
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
