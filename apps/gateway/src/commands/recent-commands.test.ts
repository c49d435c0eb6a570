import { describe, expect, it } from '@jest/globals';
import { agent, allowedCommand, OTHER_ORG } from '../../test/fixtures.js';
import { RecentCommands } from './recent-commands.js';

const bot = agent();
const command = allowedCommand(bot, 'make');
const done = { exit_code: 0, signal: null, duration_ms: 12, output_bytes: null };

function withCommand(): RecentCommands {
  const recent = new RecentCommands();
  recent.add(bot, command);
  return recent;
}

describe('a command that a rule decided a moment ago', () => {
  it('is found by its agent alone', () => {
    const recent = withCommand();
    expect(recent.find(bot, command.id)).toEqual(command);
    expect(recent.find(agent(), command.id)).toBeUndefined();
    expect(recent.find({ ...bot, org: OTHER_ORG }, command.id)).toBeUndefined();
    expect(recent.find(bot, 'cmd_other')).toBeUndefined();
  });

  it('takes one result', () => {
    const recent = withCommand();
    const finished = recent.finish(bot, command.id, done);
    expect(finished).toEqual({ command: { ...command, result: done }, isNew: true });
    expect(recent.find(bot, command.id)?.result).toEqual(done);
    expect(() => recent.finish(bot, command.id, { ...done, exit_code: 1 })).toThrow(
      expect.objectContaining({ code: 'ALREADY_CLOSED' }),
    );
  });

  it('takes the same result again as nothing new: the agent lost the answer', () => {
    const recent = withCommand();
    recent.finish(bot, command.id, done);
    expect(recent.finish(bot, command.id, { ...done })).toMatchObject({ isNew: false });
  });

  it('takes no result from another agent', () => {
    expect(() => withCommand().finish(agent(), command.id, done)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });
});
