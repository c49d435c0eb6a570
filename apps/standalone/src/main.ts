import { serve } from './serve.js';

serve().catch((error: unknown) => {
  process.stderr.write(`expacti cannot start: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
