import { credentials } from '../api/credentials.js';
import { ProblemError, UnreachableError } from '../api/problem.js';
import type { Problem } from '../api/types.js';
import { saveFile } from '../ui/save-file.js';

/** Saves the whole log as a file of one JSON object a line, as `expacti audit verify` reads it. */
export async function downloadAudit(): Promise<void> {
  const current = credentials.get();
  const headers = current.kind === 'none' ? undefined : { authorization: `Bearer ${current.accessToken}` };
  let response: Response;
  try {
    response = await fetch('/api/v1/audit/export', headers ? { headers } : {});
  } catch (error) {
    throw new UnreachableError(String(error));
  }
  if (!response.ok) throw new ProblemError((await response.json()) as Problem);
  saveFile(await response.blob(), 'expacti-audit.ndjson');
}
