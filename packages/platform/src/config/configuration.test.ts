import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLIENT_VARIABLES, Configuration } from './configuration.js';
import { ConfigurationError, loadConfig } from './load-config.js';

const load = (environment: Record<string, string>) => loadConfig(Configuration, { environment }, CLIENT_VARIABLES);

describe('the configuration', () => {
  it('needs nothing to be said', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 3001,
      eval: false,
      limits: { submissions_per_second: 2_000 },
    });
  });

  it('keeps evaluation mode on loopback unless that is overruled', () => {
    for (const host of ['127.0.0.1', 'localhost', '::1'])
      expect(load({ EXPACTI_EVAL: 'true', EXPACTI_HOST: host }).eval).toBe(true);
    expect(() => load({ EXPACTI_EVAL: 'true', EXPACTI_HOST: '0.0.0.0' })).toThrow(ConfigurationError);
    expect(load({ EXPACTI_EVAL: 'true', EXPACTI_HOST: '0.0.0.0', EXPACTI_EVAL_ALLOW_REMOTE: 'true' }).eval).toBe(true);
  });

  it('leaves what clients read alone, and refuses what nobody reads', () => {
    expect(load({ EXPACTI_URL: 'http://x', EXPACTI_SHELL_TOKEN: 'y' }).port).toBe(3001);
    expect(() => load({ EXPACTI_PROT: '1' })).toThrow('prot: there is no such setting');
  });

  it('is explained, every setting of it', () => {
    const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name);
    const { limits, ...others } = Configuration.shape;
    const limitNames = Object.keys(load({}).limits).map((name) => `limits.${name}`);
    expect(limits).toBeDefined();
    expect(documented.sort()).toEqual([...Object.keys(others), ...limitNames].sort());
  });
});
