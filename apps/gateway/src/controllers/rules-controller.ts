import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';
import { EvaluationService } from '../judgement/evaluation-service.js';

@Controller()
export class RulesController {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(EvaluationService) private readonly evaluation: EvaluationService,
  ) {}

  @Serves('listRules')
  list(@Input() input: RouteInput<'listRules'>) {
    return this.rpc.ask('policy.rules.list', { principal: userOf(input), query: input.query });
  }

  @Serves('createRule')
  create(@Input() input: RouteInput<'createRule'>) {
    return this.rpc.ask('policy.rules.create', { principal: userOf(input), rule: input.body });
  }

  @Serves('evaluate')
  evaluate(@Input() input: RouteInput<'evaluate'>) {
    return this.evaluation.evaluate(userOf(input), input.body);
  }

  @Serves('previewRule')
  preview(@Input() input: RouteInput<'previewRule'>) {
    return this.rpc.ask('policy.rules.preview', { principal: userOf(input), ...input.body }, { timeoutMs: 20_000 });
  }

  @Serves('importRules')
  import(@Input() input: RouteInput<'importRules'>) {
    return this.rpc.ask(
      'policy.rules.import',
      { principal: userOf(input), request: input.body },
      { timeoutMs: 30_000 },
    );
  }

  @Serves('exportRules')
  export(@Input() input: RouteInput<'exportRules'>) {
    return this.rpc.ask('policy.rules.export', { principal: userOf(input) }, { timeoutMs: 30_000 });
  }

  @Serves('listSuggestions')
  suggestions(@Input() input: RouteInput<'listSuggestions'>) {
    return this.rpc.ask('policy.suggestions.list', { principal: userOf(input), query: input.query });
  }

  @Serves('acceptSuggestion')
  acceptSuggestion(@Input() input: RouteInput<'acceptSuggestion'>) {
    return this.rpc.ask('policy.suggestions.accept', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('dismissSuggestion')
  async dismissSuggestion(@Input() input: RouteInput<'dismissSuggestion'>) {
    await this.rpc.ask('policy.suggestions.dismiss', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('getRule')
  get(@Input() input: RouteInput<'getRule'>) {
    return this.rpc.ask('policy.rules.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('updateRule')
  update(@Input() input: RouteInput<'updateRule'>) {
    return this.rpc.ask('policy.rules.update', {
      principal: userOf(input),
      id: param(input, 'id'),
      change: input.body,
    });
  }

  @Serves('deleteRule')
  async delete(@Input() input: RouteInput<'deleteRule'>) {
    await this.rpc.ask('policy.rules.delete', { principal: userOf(input), id: param(input, 'id') });
  }
}
