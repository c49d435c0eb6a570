import { jsonSchema, type Tool, tool } from 'ai';
import { ExpactiTool, type ExpactiToolOptions, type TerminalInput } from './tools/expacti-tool.js';

/**
 * The shell tool for the Vercel AI SDK: `generateText({ model, tools: { terminal: expactiTool() }, … })`. The decision is
 * awaited inside `execute`, which works in every major version.
 * @param options Of the tool, or a tool made before.
 */
export function expactiTool(options: ExpactiToolOptions | ExpactiTool = {}): Tool<TerminalInput, string> {
  const terminal = options instanceof ExpactiTool ? options : new ExpactiTool(options);
  return tool({
    description: terminal.description,
    inputSchema: jsonSchema<TerminalInput>({ ...terminal.inputSchema, required: [...terminal.inputSchema.required] }),
    execute: (input, { abortSignal }) => terminal.call(input, abortSignal ? { signal: abortSignal } : {}),
  });
}
