import { describe, expect, it } from '@jest/globals';
import { cleanEnvironment } from './environment.js';

describe('cleanEnvironment', () => {
  const source = {
    PATH: '/usr/bin::.:bin:/bin',
    HOME: '/home/me',
    SECRET: 'x',
    BASH_ENV: '/tmp/evil',
    'BASH_FUNC_ls%%': '() { evil; }',
    LD_PRELOAD: '/tmp/evil.so',
  };

  it('hands on a PATH of absolute folders and a short list, nothing else', () => {
    expect(cleanEnvironment({}, source)).toEqual({ PATH: '/usr/bin:/bin', HOME: '/home/me' });
  });

  it('adds what the program asks for', () => {
    expect(cleanEnvironment({ inherit: ['SECRET'], set: { CI: '1' } }, source)).toEqual({
      PATH: '/usr/bin:/bin',
      SECRET: 'x',
      CI: '1',
    });
  });

  it.each(['BASH_ENV', 'ENV', 'PS4', 'SHELLOPTS', 'BASH_FUNC_ls%%', 'A B', ''])('refuses %j', (name) => {
    expect(() => cleanEnvironment({ inherit: [name] }, source)).toThrow('cannot be passed on');
    expect(() => cleanEnvironment({ set: { [name]: 'x' } }, source)).toThrow('cannot be passed on');
  });

  it('never ends up without a PATH', () => {
    expect(cleanEnvironment({ inherit: [] }, { PATH: 'bin' }).PATH).toContain('/usr/bin');
  });
});
