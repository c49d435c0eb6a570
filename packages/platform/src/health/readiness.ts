/** One thing that must answer before the process may take work. */
export interface ReadinessCheck {
  name: string;
  /** Resolves when all is well; rejects with what is wrong. */
  check(): Promise<void>;
}

export interface ReadinessReport {
  ready: boolean;
  checks: { name: string; ok: boolean; problem?: string }[];
}

/** Runs every check, each with a deadline, and reports by name. */
export async function readiness(checks: readonly ReadinessCheck[], timeoutMs = 2_000): Promise<ReadinessReport> {
  const results = await Promise.all(checks.map((entry) => runOne(entry, timeoutMs)));
  return { ready: results.every((result) => result.ok), checks: results };
}

async function runOne({ name, check }: ReadinessCheck, timeoutMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
    return { name, ok: true };
  } catch (error) {
    return { name, ok: false, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
