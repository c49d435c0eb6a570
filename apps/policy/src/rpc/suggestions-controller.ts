import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { SuggestionService } from '../application/suggestion-service.js';
import { pageById, placeOf } from './paging.js';

@Controller()
export class SuggestionsController {
  constructor(@Inject(SuggestionService) private readonly suggestions: SuggestionService) {}

  @RpcHandler('policy.suggestions.list')
  async list({
    principal,
    query,
  }: RpcHandled<'policy.suggestions.list'>): Promise<RpcResponse<'policy.suggestions.list'>> {
    const page = { q: query.q, limit: query.limit + 1, before: placeOf(query.cursor) };
    return pageById(await this.suggestions.list(principal.org, page), query.limit);
  }

  @RpcHandler('policy.suggestions.accept')
  accept({
    principal,
    id,
  }: RpcHandled<'policy.suggestions.accept'>): Promise<RpcResponse<'policy.suggestions.accept'>> {
    return this.suggestions.accept(principal, id);
  }

  @RpcHandler('policy.suggestions.dismiss')
  async dismiss({
    principal,
    id,
  }: RpcHandled<'policy.suggestions.dismiss'>): Promise<RpcResponse<'policy.suggestions.dismiss'>> {
    await this.suggestions.dismiss(principal, id);
    return {};
  }
}
