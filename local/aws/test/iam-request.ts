import type { Ask } from '../src/authorization/ask.ts';
import type { PolicyDocument } from '../src/policy/document.ts';

/** Where a request is made: names that one environment of one tenant has. */
export interface Names {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  readonly family: string;
  readonly repository: string;
  readonly subnets: readonly string[];
  readonly vault: string;
  readonly signingKey: string;
  readonly incidentRole: string;
  readonly balancer: string;
}

/** An operation as the SDK has it, or what ECS and the registry ask of IAM without one. */
export interface Request {
  readonly call?: readonly [service: string, operation: string, input: object];
  readonly ask?: Ask;
  /** What else would let it pass, so that a denial shows: a policy beside the role's own, or one on the resource. */
  readonly beside?: PolicyDocument;
  readonly onResource?: PolicyDocument;
}

export const call = (service: string, operation: string, input: object = {}): Request => ({
  call: [service, operation, input],
});
export const ask = (action: string, resource: string): Request => ({ ask: { action, resource } });
export const allow = (Action: string, principal?: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action, Resource: '*', ...(principal && { Principal: { AWS: principal } }) },
  ],
});

/** By document and by statement. */
export type Rows = Readonly<Record<string, Readonly<Record<string, Request>>>>;
