/** What the composition root tells the gateway. */
export interface GatewayOptions {
  /** Names this process to the authorities that give it leases; unique per process. */
  gatewayId: string;
  serverVersion: string;
  /** Where people reach the dashboard, without a trailing slash: `https://expacti.example.com`. */
  publicUrl: string;
  /** Demo credentials are accepted, so only loopback names may be used to reach the server. */
  evalMode: boolean;
  evalAllowRemote: boolean;
  /** The built dashboard; null serves none. */
  dashboardFolder: string | null;
  /** The generated `openapi.yml`, `asyncapi.yml` and `errors.md`. */
  docsFolder: string;
  /** How long a receipt is valid. */
  receiptSeconds: number;
  /** Bearer token that may read `/metrics` from anywhere; null: loopback only. */
  metricsToken: string | null;
  limits: GatewayLimits;
  /** What this installation may lose of what it acknowledged, and why; normally empty. People who sign in are told. */
  weaknesses: readonly string[];
}

export interface GatewayLimits {
  /** Per agent. */
  submissionsPerSecond: number;
  /** Most submissions of one agent within one second, when it was quiet before. */
  submissionBurst: number;
  /** Per signed-in person. */
  requestsPerSecond: number;
  /** Per address, for routes that need no credential. */
  publicRequestsPerSecond: number;
  /** Open agent sockets of one agent. */
  socketsPerAgent: number;
}

export const GATEWAY_OPTIONS = Symbol('expacti.gateway-options');
