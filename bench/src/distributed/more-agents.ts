import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';

/** Registers agents, so that no limit of one is what is measured; returns a shell token of each. */
export async function moreAgents(url: string, count: number): Promise<string[]> {
  const owner = restAs(url, REVIEWER_TOKEN);
  const tokens: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const { id } = await owner<{ id: string }>('POST', '/agents', { name: `bench ${number}` });
    const { token } = await owner<{ token: string }>('POST', `/agents/${id}/tokens`, { name: 'bench' });
    tokens.push(token);
  }
  return tokens;
}
