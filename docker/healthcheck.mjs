// Whether the service in this container is alive. Exits 0 or 1, as HEALTHCHECK wants it.
const port = process.env.EXPACTI_PORT ?? '3001';
const path = process.argv[2] ?? '/healthz';
try {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_500) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
