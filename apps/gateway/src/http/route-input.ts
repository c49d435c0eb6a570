import {
  type AgentPrincipal,
  ExpactiError,
  type Principal,
  parseOrRefuse,
  ROUTES,
  type Route,
  type RouteName,
  type UserPrincipal,
  withDefaultKind,
  withoutNul,
} from '@expacti/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { SERVED_ROUTE } from './serves.js';

/** A request on its way through the gateway. */
export interface IdentifiedRequest extends Request {
  principal?: Principal;
}

type Parsed<N extends RouteName, K extends 'query' | 'body'> =
  (typeof ROUTES)[N] extends Record<K, infer S extends z.ZodType> ? z.infer<S> : undefined;

/** What a handler gets: everything parsed by the route's contract. */
export interface RouteInput<N extends RouteName> {
  principal: Principal | undefined;
  params: Record<string, string>;
  query: Parsed<N, 'query'>;
  body: Parsed<N, 'body'>;
  request: IdentifiedRequest;
  response: Response;
}

const ID_SHAPE = /^[a-z]{2,10}_[0-9a-hjkmnp-tv-z]{26}$/;

/** The one parameter of every handler. Parsing happens after authorization, so that strangers learn no shapes. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const name = Reflect.getMetadata(SERVED_ROUTE, context.getHandler()) as RouteName;
  const route: Route = ROUTES[name];
  const request = context.switchToHttp().getRequest<IdentifiedRequest>();
  const params = request.params as Record<string, string>;
  // An id of the wrong shape names nothing; it never reaches a query.
  for (const value of Object.values(params)) if (!ID_SHAPE.test(value)) throw new ExpactiError('NOT_FOUND');
  return {
    principal: request.principal,
    params,
    query: route.query ? parseOrRefuse(route.query, withoutNul({ ...request.query })) : undefined,
    body: route.body ? parseOrRefuse(route.body, bodyOf(name, request)) : undefined,
    request,
    response: context.switchToHttp().getResponse<Response>(),
  };
});

function bodyOf(name: RouteName, request: Request): unknown {
  const body = withoutNul(request.body as unknown);
  return name === 'submitCommand' ? withDefaultKind(body) : body;
}

export function userOf(input: { principal: Principal | undefined }): UserPrincipal {
  if (input.principal?.kind !== 'user') throw new ExpactiError('FORBIDDEN', 'Only people may do this.');
  return input.principal;
}

export function agentOf(input: { principal: Principal | undefined }): AgentPrincipal {
  if (input.principal?.kind !== 'agent') throw new ExpactiError('FORBIDDEN', 'Only agents may do this.');
  return input.principal;
}

export function param(input: { params: Record<string, string> }, name: string): string {
  const value = input.params[name];
  if (value === undefined) throw new ExpactiError('NOT_FOUND');
  return value;
}
