import { describe, expect, it } from '@jest/globals';
import { isCodeAssignment, isDangerousAssignment } from './assignments.js';

describe('assignments', () => {
  it.each(
    'PATH LD_PRELOAD DYLD_INSERT_LIBRARIES GIT_SSH_COMMAND GIT_DIR PAGER GIT_PAGER EDITOR VISUAL BASH_ENV ENV PS4 SHELLOPTS IFS NODE_OPTIONS PYTHONPATH PYTHONSTARTUP PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS LESSOPEN MANPAGER KUBECONFIG http_proxy MAKEFLAGS HOME npm_config_prefix MY_TOOL_PAGER path'.split(
      ' ',
    ),
  )('%s changes what later programs do', (name) => {
    expect(isDangerousAssignment(name)).toBe(true);
  });

  it.each(['X', 'FOO', 'NPROC', 'TZ', 'LANG', 'CI', 'DEBUG', 'NODE_ENV', 'GIT_AUTHOR_NAME', 'RUST_LOG', 'NO_COLOR'])(
    '%s does not',
    (name) => {
      expect(isDangerousAssignment(name)).toBe(false);
    },
  );

  it('knows those whose value is run', () => {
    for (const name of ['BASH_ENV', 'ENV', 'PS4', 'LD_AUDIT', 'BASH_FUNC_ls%%'])
      expect(isCodeAssignment(name)).toBe(true);
    for (const name of ['PATH', 'GIT_DIR', 'X']) expect(isCodeAssignment(name)).toBe(false);
  });
});
