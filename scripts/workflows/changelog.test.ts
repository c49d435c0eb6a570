import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../packages/testkit/src/temporary-folder.js';

const changelog = fileURLToPath(new URL('changelog', import.meta.url));

describe('scripts/workflows/changelog', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder.path, encoding: 'utf8', stdio: 'pipe' });
  const git = (...args: string[]) => run('git', '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args);
  const commit = (subject: string) => git('commit', '--quiet', '--allow-empty', '--message', `${subject}\n\nMore.`);

  beforeEach(() => {
    folder = temporaryFolder('expacti-changelog');
    git('init', '--quiet', '--initial-branch', 'main');
  });

  afterEach(() => folder.remove());

  it('tells of each commit since the tag before, the oldest first', () => {
    commit('Begin');
    git('tag', 'v0.1.0');
    commit('Hold `rm -rf "$HOME"` for a person');
    commit('Answer sooner');
    git('tag', 'not-a-version');
    git('tag', 'v0.2.0');
    commit('Later');
    expect(run(changelog, 'v0.2.0')).toBe('Since v0.1.0:\n\n- Hold `rm -rf "$HOME"` for a person\n- Answer sooner\n');
  });

  it('tells of everything at the first release', () => {
    commit('Begin');
    commit('Go on');
    git('tag', 'v0.1.0');
    expect(run(changelog, 'v0.1.0')).toBe('The first release:\n\n- Begin\n- Go on\n');
  });

  it('refuses a tag that there is not', () => {
    commit('Begin');
    expect(() => run(changelog, 'v9.9.9')).toThrow(/There is no tag v9\.9\.9/);
  });
});
