import { Child } from './child.js';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import { testTool } from './test-tool.js';
import { untilReady } from './until-ready.js';

/** An S3-compatible store of one test's own, empty and without buckets. */
export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** SIGSTOP: connections stand, and nobody answers. */
  pause(): void;
  resume(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill`: starts on the same data and address again. */
  restart(): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/** Three seconds alone on a machine; several servers that elect themselves take their time on a busy one. */
const START_WITHIN_MS = 60_000;

const credentials = { accessKeyId: 'expacti-test', secretAccessKey: 'expacti-test-secret' };

/**
 * Starts SeaweedFS on free ports of 127.0.0.1: a store that is used in production, the whole of it (master, volumes,
 * directory, S3 gateway) in one process, checking signatures. It is not Amazon's S3: one copy of everything, no
 * storage classes, and listings ordered folder by folder.
 */
export async function startS3(): Promise<S3Server> {
  const weed = await testTool('weed');
  const folder = temporaryFolder('expacti-s3');
  try {
    const ports = await distinctFreePorts(8);
    let server = await start(weed, folder.path, ports);
    const signal = (name: NodeJS.Signals) => server.pid !== undefined && process.kill(server.pid, name);
    return {
      endpoint: `http://127.0.0.1:${ports[0]}`,
      region: 'us-east-1',
      credentials,
      pause: () => void signal('SIGSTOP'),
      resume: () => void signal('SIGCONT'),
      kill: async () => void (await server.kill()),
      restart: async () => {
        server = await start(weed, folder.path, ports);
      },
      stop: async () => {
        await server.kill();
        folder.remove();
      },
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

async function start(weed: string, folder: string, ports: readonly number[]): Promise<Child> {
  const [s3, s3Grpc, filer, filerGrpc, master, masterGrpc, volume, volumeGrpc] = ports;
  const flags = {
    dir: folder,
    ip: '127.0.0.1',
    'ip.bind': '127.0.0.1',
    's3.port': s3,
    's3.port.grpc': s3Grpc,
    's3.port.iceberg': 0,
    's3.port.lance': 0,
    's3.localSocket': `${folder}/s3.sock`,
    'filer.port': filer,
    'filer.port.grpc': filerGrpc,
    'filer.localSocket': `${folder}/filer.sock`,
    'master.port': master,
    'master.port.grpc': masterGrpc,
    // After a restart the only master waits so long for others before it leads.
    'master.electionTimeout': '500ms',
    'master.volumeSizeLimitMB': 256,
    'volume.port': volume,
    'volume.port.grpc': volumeGrpc,
    'volume.max': 100,
  };
  const args = Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
  const server = new Child(weed, ['server', '-filer', '-s3', ...args], {
    cwd: folder,
    env: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  });
  // It takes writes when a volume can be assigned, a moment after it says that it is there.
  await untilReady(server, `http://127.0.0.1:${master}/dir/assign`, START_WITHIN_MS);
  await untilReady(server, `http://127.0.0.1:${s3}/healthz`, START_WITHIN_MS);
  return server;
}

async function distinctFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
