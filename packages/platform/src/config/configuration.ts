import { z } from 'zod';
import { setting } from './setting.js';

const limits = z
  .strictObject({
    submissions_per_second: setting.integer(1, 1_000_000).default(2_000),
    submission_burst: setting.integer(1, 1_000_000).default(4_000),
    requests_per_second: setting.integer(1, 100_000).default(200),
    public_requests_per_second: setting.integer(1, 100_000).default(20),
    sockets_per_agent: setting.integer(1, 100_000).default(200),
  })
  .prefault({});

/**
 * Everything that `config.toml` and `EXPACTI_*` may say, in either composition: the processes of a distributed
 * installation share one file. `docs/configuration.md` explains each setting; a test keeps it in step.
 */
export const Configuration = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: setting.integer(0, 65_535).default(3001),
    public_url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    data_dir: z.string().min(1).default('./data'),
    database_url: z
      .string()
      .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, 'must be sqlite:/path/to/file.db or postgres://user:password@host/name')
      .optional(),
    database_pool: setting.integer(4, 500).default(10),
    redis_url: z
      .string()
      .regex(/^rediss?:\/\/./, 'must be redis://host:6379 (rediss:// with TLS)')
      .optional(),
    redis_prefix: z
      .string()
      .regex(/^[a-z0-9_-]{1,40}$/, 'must be 1 to 40 of a-z, 0-9, _ and -')
      .default('expacti'),
    partitions: setting.integer(1, 256).default(8),
    allow_weak_durability: setting.boolean().default(false),
    blobs_url: z
      .string()
      .regex(/^(folder:|s3:\/\/)./, 'must be folder:/path or s3://bucket/prefix')
      .optional(),
    master_key: z.string().optional(),
    log_level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    trust_proxy: z.string().optional(),
    metrics_token: z.string().min(16, 'must have at least 16 characters').optional(),
    receipt_seconds: setting.integer(5, 3_600).default(60),
    eval: setting.boolean().default(false),
    eval_allow_remote: setting.boolean().default(false),
    limits,
  })
  .superRefine((configuration, context) => {
    const isLoopback = ['127.0.0.1', 'localhost', '::1'].includes(configuration.host);
    if (configuration.eval && !isLoopback && !configuration.eval_allow_remote)
      context.addIssue({
        code: 'custom',
        path: ['eval'],
        message: `evaluation mode accepts published credentials, so it listens on loopback only; host is ${configuration.host} (eval_allow_remote = true overrides this)`,
      });
  });
export type Configuration = z.infer<typeof Configuration>;

/** EXPACTI_ variables that clients read, not the server. */
export const CLIENT_VARIABLES = [
  'EXPACTI_URL',
  'EXPACTI_URL_2',
  'EXPACTI_TOKEN',
  'EXPACTI_SHELL_TOKEN',
  'EXPACTI_REVIEWER_TOKEN',
  'EXPACTI_CONFIG',
  'EXPACTI_ALLOW_INSECURE',
];
