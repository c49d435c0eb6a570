import { type DynamicStructuredTool, tool } from '@langchain/core/tools';
import { ExpactiTool, type ExpactiToolOptions, type TerminalInput } from './tools/expacti-tool.js';

/**
 * The shell tool for LangChain.js and LangGraph: `createAgent({ model, tools: [expactiTool()] })`. It blocks until the
 * decision; no `interrupt()` is involved, so no graph node is entered twice.
 * @param options Of the tool, or a tool made before.
 */
export function expactiTool(options: ExpactiToolOptions | ExpactiTool = {}): DynamicStructuredTool {
  const terminal = options instanceof ExpactiTool ? options : new ExpactiTool(options);
  return tool(
    (input: unknown, config?: { signal?: AbortSignal }) =>
      terminal.call(input as TerminalInput, config?.signal ? { signal: config.signal } : {}),
    { name: terminal.name, description: terminal.description, schema: terminal.inputSchema },
  ) as unknown as DynamicStructuredTool;
}
