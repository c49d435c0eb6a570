import { describe, expect, it } from '@jest/globals';
import { allowGlobs, decideLine } from '../rule-fixtures.contract-test.js';

const verdictUnder = (pattern: string, line: string): string => decideLine(allowGlobs(pattern), line).verdict;

/** Programs that run what their operands name, or read code from them; none has a table of harmless options. */
describe('a program that runs what its words name', () => {
  it.each([
    ['systemd-cat *', 'systemd-cat reboot'],
    ['openvt *', 'openvt reboot'],
    ['tini **', 'tini reboot'],
    ['dumb-init **', 'dumb-init reboot'],
    ['softlimit *', 'softlimit reboot'],
    ['setuidgid * *', 'setuidgid root reboot'],
    ['x86_64 **', 'x86_64 reboot'],
    ['i386 **', 'i386 reboot'],
    ['ccache **', 'ccache ./evil'],
    ['direnv exec * *', 'direnv exec . reboot'],
    ['mpirun *', 'mpirun evil'],
    ['pipenv run *', 'pipenv run evil'],
    ['mise **', 'mise exec reboot'],
    ['multilog *', "multilog '!evil'"],
    ['s6-setuidgid **', 's6-setuidgid root reboot'],
    ['wp **', "wp eval 'system(1);'"],
    ['rails * *', "rails runner 'system(1)'"],
    ['duckdb * *', "duckdb x '.shell id'"],
    ['sqlite *', 'sqlite evil'],
    ['pdflatex *', "pdflatex '\\input|id'"],
    ['lualatex *', 'lualatex evil'],
    ['gunicorn *', 'gunicorn evil:app'],
    ['coverage run *', 'coverage run evil.py'],
    ['aws **', 'aws configure set credential_process /tmp/evil'],
    ['x86_64-linux-gnu-gcc *', 'x86_64-linux-gnu-gcc evil.c'],
    ['aarch64-linux-gnu-g++-12 *', 'aarch64-linux-gnu-g++-12 evil.c'],
    ['arm-none-eabi-objcopy * *', 'arm-none-eabi-objcopy a /etc/x'],
    ['riscv64-linux-gnu-ld *', 'riscv64-linux-gnu-ld a.o'],
    ['qemu-aarch64 *', 'qemu-aarch64 evil'],
    ['/opt/bin/gunicorn *', '/opt/bin/gunicorn evil:app'],
    ['sudoedit *', 'sudoedit /etc/passwd'],
    ['run-mailcap *', 'run-mailcap x'],
  ])('%s does not allow %s', (pattern, line) => {
    expect(verdictUnder(pattern, line)).toBe('review');
  });
});

describe('a program that nothing is known about', () => {
  it.each([
    ['newtool **', 'newtool exec reboot'],
    ['newtool exec *', 'newtool exec reboot'],
    ['newtool exec * *', 'newtool exec web reboot'],
    ['newtool run *', 'newtool run evil'],
    ['newtool eval *', 'newtool eval evil'],
    ['newtool x *', 'newtool x evil'],
    ['newtool **', 'newtool job run evil'],
    ['newtool runner *', 'newtool runner evil'],
    ['newtool shell *', 'newtool shell evil'],
    ['newtool console *', 'newtool console evil'],
    ['newtool -c *', "newtool -c 'evil code'"],
    ['newtool -e *', "newtool -e 'evil code'"],
    ['newtool --eval *', "newtool --eval 'evil code'"],
    ['newtool --exec=*', 'newtool --exec=evil'],
    ['newtool *', 'newtool bash'],
    ['newtool **', 'newtool sh evil'],
    ['newtool bash *', 'newtool bash evil'],
    ['newtool * *', 'newtool python3 evil.py'],
    ['newtool *', 'newtool /usr/bin/env'],
    ['newtool -- *', 'newtool -- bash'],
    ['newtool -m * **', 'newtool -m 1 sudo reboot'],
    ['newtool *', 'newtool x86_64-linux-gnu-gcc'],
  ])('%s does not allow %s', (pattern, line) => {
    expect(verdictUnder(pattern, line)).toBe('review');
  });

  it.each([
    ['newtool *', 'newtool web-1'],
    ['newtool **', 'newtool status web-1 node'],
    ['newtool show *', 'newtool show python'],
    ['newtool *', 'newtool x'],
    ['newtool status * *', 'newtool status x y'],
    ['newtool exec web', 'newtool exec web'],
    ['newtool --since=*', 'newtool --since=10m'],
  ])('%s allows %s', (pattern, line) => {
    expect(verdictUnder(pattern, line)).toBe('allow');
  });
});
