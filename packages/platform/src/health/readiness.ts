/** One thing that the process stands on. */
export interface ReadinessCheck {
  name: string;
  /** Resolves when all is well; rejects with what is wrong. */
  check(): Promise<void>;
  /** False: what is wrong is reported, but the process may take work all the same. Default true. */
  isCritical?: boolean;
}

export interface ReadinessReport {
  ready: boolean;
  checks: { name: string; ok: boolean; problem?: string }[];
}

/** Runs every check, each with a deadline, and reports by name. */
export async function readiness(checks: readonly ReadinessCheck[], timeoutMs = 2_000): Promise<ReadinessReport> {
  const results = await Promise.all(checks.map((entry) => runOne(entry, timeoutMs)));
  const ready = checks.every(({ isCritical = true }, index) => results[index]?.ok === true || !isCritical);
  return { ready, checks: results };
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
