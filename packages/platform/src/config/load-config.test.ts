import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError, loadConfig } from './load-config.js';
import { setting } from './setting.js';

const schema = z.strictObject({
  port: setting.integer(0, 65_535).default(3001),
  eval: setting.boolean().default(false),
  limits: z.strictObject({ pending: setting.integer(1, 100).default(50) }).prefault({}),
});

const load = (text: string, environment: Record<string, string> = {}, overrides: Record<string, string> = {}) =>
  loadConfig(schema, { file: { name: 'config.toml', text }, environment, overrides });

describe('configuration', () => {
  it('takes defaults, then the file, then the environment, then the command line', () => {
    expect(load('')).toEqual({ port: 3001, eval: false, limits: { pending: 50 } });
    expect(load('port = 1\neval = true').port).toBe(1);
    expect(load('port = 1', { EXPACTI_PORT: '2', EXPACTI_LIMITS__PENDING: '7', HOME: '/' })).toMatchObject({
      port: 2,
      limits: { pending: 7 },
    });
    expect(load('port = 1', { EXPACTI_PORT: '2' }, { port: '3' }).port).toBe(3);
  });

  it.each([
    ['prot = 3', 'prot: there is no such setting'],
    ['port = "many"', 'port: must be a number'],
    ['port = 70000', 'port: must be at most 65535'],
    ['[limits]\nwaiting = 3', 'limits.waiting: there is no such setting'],
    ['eval = "maybe"', 'eval: must be true or false'],
    ['port = ', 'config.toml is not valid TOML'],
  ])('refuses %j and names the key', (text, message) => {
    expect(() => load(text)).toThrow(ConfigurationError);
    expect(() => load(text)).toThrow(message);
  });

  it('refuses an environment variable that names no setting, unless another program reads it', () => {
    expect(() => load('', { EXPACTI_PROT: '3' })).toThrow('prot: there is no such setting');
    expect(loadConfig(schema, { environment: { EXPACTI_TOKEN: 'x' } }, ['EXPACTI_TOKEN']).port).toBe(3001);
  });
});
