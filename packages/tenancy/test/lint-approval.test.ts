import { expect, test } from '@jest/globals';
import type { TenantContract } from '../src/contract.ts';
import { lint, prod } from './changed-contracts.ts';

test.each<readonly [string, TenantContract, string]>([
  [
    'a role without approvers',
    prod((now) => ({ approval: { ...now.approval, roles: { customer: [] } } })),
    'environments.prod.approval.required.customer: 1 must approve, but approval.roles.customer names 0',
  ],
  [
    'nobody who must approve',
    prod((now) => ({ approval: { ...now.approval, required: {} } })),
    'environments.prod.approval.required: names no role, so nobody would have to approve',
  ],
  [
    'more approvals than GitHub waits for',
    prod((now) => ({
      approval: { ...now.approval, required: { customer: 1, 'provider-sre': 1 } },
    })),
    'environments.prod.approval.required: asks for 2 people, but GitHub starts the approve job after one approval; more than one is not supported yet',
  ],
  [
    "the bot of every job's token, which anybody may use",
    prod((now) => ({ approval: { ...now.approval, bots: [49_699_333, 41_898_282] } })),
    "environments.prod.approval.bots: 41898282 is github-actions[bot], the bot of every job's GITHUB_TOKEN; anybody who may push a workflow could commit and start runs as it, so it can never be listed",
  ],
  [
    'the account by which GitHub commits',
    prod((now) => ({ approval: { ...now.approval, bots: [19_864_447] } })),
    'environments.prod.approval.bots: 19864447 is web-flow, as which GitHub commits what people merge; it needs no place here',
  ],
  [
    'a bot that would approve',
    prod((now) => ({ approval: { ...now.approval, bots: [200001, 200001] } })),
    'environments.prod.approval.bots: 200001 is in approval.roles too, and a bot approves nothing',
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toContain(`${contract.id}.yaml: ${problem}`);
});
