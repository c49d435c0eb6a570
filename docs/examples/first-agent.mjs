import { ExpactiClient, ExpactiDenied } from '@expacti/sdk';

const client = new ExpactiClient({ url: process.env.EXPACTI_URL, token: process.env.EXPACTI_SHELL_TOKEN });
try {
  const { stdout, approved } = await client.run('uname -s', { reason: 'which system is this?' });
  console.log(`${stdout.trim()} (decided by ${approved.source})`);
} catch (error) {
  if (!(error instanceof ExpactiDenied)) throw error;
  console.log(`not allowed: ${error.reason}`);
}
await client.close();
