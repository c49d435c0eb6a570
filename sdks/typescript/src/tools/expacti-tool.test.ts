import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { createAgent, FakeToolCallingModel } from 'langchain';
import { ScriptedGateway } from '../../test/scripted-gateway.js';
import { expactiTool as aiTool } from '../ai.js';
import { expactiTool as langchainTool } from '../langchain.js';
import { ExpactiTool } from './expacti-tool.js';
import { shorten } from './tool-text.js';

let gateway: ScriptedGateway;
let terminal: ExpactiTool;
let folder: string;
const canary = (): string => join(folder, 'canary');
const touch = (): string => `touch ${canary()}`;

beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'expacti-tool-')));
  terminal = new ExpactiTool({
    client: { url: gateway.url, token: 'shell_test', backoff: { baseMs: 1, maxMs: 5 }, unavailableAfterMs: 100 },
    cwd: folder,
    context: { task: 'tests' },
  });
});
afterEach(async () => {
  await terminal.client.close();
  await gateway.close();
  await rm(folder, { recursive: true });
  expect(gateway.violations).toEqual([]);
});

describe('ExpactiTool', () => {
  it('answers with the output, and with the exit code where it failed', async () => {
    expect(await terminal.call({ command: 'echo hi', reason: 'to see' })).toBe('hi\n');
    expect(await terminal.call({ command: 'echo bad >&2; exit 2' })).toBe('bad\n[exit code 2]');
    expect(gateway.frames[1]).toMatchObject({ reason: 'to see', context: { task: 'tests' } });
  });

  it('answers a denial with the reviewer’s reason, without running anything', async () => {
    gateway.plan(touch(), { outcome: 'denied', reason: 'use the staging host' });
    expect(await terminal.call({ command: touch() })).toContain('Denied by Rita: use the staging host');
    expect(existsSync(canary())).toBe(false);
  });

  it('tells silence from refusal', async () => {
    gateway.plan(touch(), { outcome: 'denied', source: 'timeout' });
    expect(await terminal.call({ command: touch() })).toContain('nobody answered');
  });

  it('tells the model what ran instead of its own text', async () => {
    gateway.plan(touch(), { outcome: 'allowed', edited: 'echo edited' });
    expect(await terminal.call({ command: touch() })).toBe(
      '[The reviewer changed the command; what ran is: echo edited]\nedited\n',
    );
  });

  it('throws where expacti itself fails', async () => {
    await gateway.close();
    await expect(terminal.call({ command: touch() })).rejects.toMatchObject({ name: 'ExpactiUnavailable' });
    gateway = await ScriptedGateway.start();
  });

  it('shortens long output in the middle', () => {
    expect(shorten('abcdefghij', 4)).toBe('ab\n[… 6 characters left out …]\nij');
    expect(shorten('abcd', 4)).toBe('abcd');
  });
});

describe('LangChain.js', () => {
  const agentThatCalls = (command: string) =>
    createAgent({
      model: new FakeToolCallingModel({
        toolCalls: [[{ name: 'terminal', args: { command }, id: 'call_1', type: 'tool_call' }], []],
      }),
      tools: [langchainTool(terminal)],
    });
  const toolText = async (command: string): Promise<string> => {
    const { messages } = await agentThatCalls(command).invoke({ messages: [new HumanMessage('go')] });
    return messages
      .filter((message) => ToolMessage.isInstance(message))
      .map((message) => message.text)
      .join();
  };

  it('runs what is approved', async () => {
    expect(await toolText('echo from langchain')).toBe('from langchain\n');
  });

  it('never enters a denied command', async () => {
    gateway.plan(touch(), { outcome: 'denied', reason: 'no' });
    expect(await toolText(touch())).toContain('Denied by Rita: no');
    expect(existsSync(canary())).toBe(false);
  });

  it('is a structured tool like any other', async () => {
    const model = new FakeListChatModel({ responses: [JSON.stringify({ command: 'echo chained' })] });
    const chain = model.pipe((message: AIMessage) => JSON.parse(message.text)).pipe(langchainTool(terminal));
    expect(await chain.invoke('anything')).toBe('chained\n');
    await expect(langchainTool(terminal).invoke({ wrong: 1 } as never)).rejects.toThrow();
  });
});

describe('Vercel AI SDK', () => {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const toolOutput = async (command: string): Promise<unknown> => {
    const model = new MockLanguageModelV3({
      doGenerate: [
        {
          content: [
            { type: 'tool-call', toolCallId: 'call_1', toolName: 'terminal', input: JSON.stringify({ command }) },
          ],
          finishReason: { unified: 'tool-calls', raw: undefined },
          usage,
          warnings: [],
        },
        {
          content: [{ type: 'text', text: 'done' }],
          finishReason: { unified: 'stop', raw: undefined },
          usage,
          warnings: [],
        },
      ],
    });
    const { steps } = await generateText({
      model,
      tools: { terminal: aiTool(terminal) },
      stopWhen: stepCountIs(3),
      prompt: 'go',
    });
    return steps[0]?.toolResults[0]?.output;
  };

  it('runs what is approved, inside execute', async () => {
    expect(await toolOutput('echo from ai')).toBe('from ai\n');
  });

  it('never enters a denied command', async () => {
    gateway.plan(touch(), { outcome: 'denied', reason: 'no' });
    expect(await toolOutput(touch())).toContain('Denied by Rita: no');
    expect(existsSync(canary())).toBe(false);
  });
});
