import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';
import { RECEIPT_KEYS, type ReceiptKeys } from '../receipts/receipt-keys.js';

const EXPORT_PAGE = 500;

@Controller()
export class OversightController {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(RECEIPT_KEYS) private readonly keys: ReceiptKeys,
  ) {}

  @Serves('listAudit')
  list(@Input() input: RouteInput<'listAudit'>) {
    return this.rpc.ask('audit.entries', { principal: userOf(input), query: input.query });
  }

  /** Streams, so that a log of any length fits in memory. A failure on the way cuts the connection: never a short file. */
  @Serves('exportAudit')
  async export(@Input() input: RouteInput<'exportAudit'>) {
    const principal = userOf(input);
    const { response } = input;
    let after = input.query.after_sequence;
    for (;;) {
      const page = await this.rpc.ask('audit.export', { principal, after_sequence: after, limit: EXPORT_PAGE });
      if (!response.headersSent) {
        response
          .type('application/x-ndjson')
          .setHeader('Content-Disposition', 'attachment; filename="expacti-audit.ndjson"');
      }
      const lines = page.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      if (lines && !response.write(lines))
        await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      const last = page.entries.at(-1);
      if (!last || page.entries.length < EXPORT_PAGE || response.destroyed) break;
      after = last.sequence;
    }
    response.end();
  }

  /** Signed here, where the keys are: the audit service only says where its chain stands. */
  @Serves('auditCheckpoint')
  async checkpoint(@Input() input: RouteInput<'auditCheckpoint'>) {
    const head = await this.rpc.ask('audit.head', { principal: userOf(input) });
    return { ...head, signature: this.keys.sign(head) };
  }
}
