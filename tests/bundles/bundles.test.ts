import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bootAction } from '@tenant-delivery/local-platform/boot-action';
import { actionFile } from '../rules/workflow-files.ts';

const root = join(import.meta.dirname, '../..');
const actions = globSync('actions/*/action.yml', { cwd: root })
  .map((file) => file.split('/')[1] ?? '')
  .sort();
const TARGET = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
};

describe.each(actions)('the shipped %s', (action) => {
  it('answers wrong inputs with exit code 1, one annotation and a line for each mistake', async () => {
    const booted = await bootAction(action, {
      inputs: { ...TARGET, tenant: 'ACME!', acount: '1', account: '12' },
    });
    expect(booted.exitCode).toBe(1);
    expect(booted.outputs).toMatchObject({ outcome: 'error', 'reason-code': 'INPUTS_INVALID' });
    expect(booted.errors).toHaveLength(1);
    const result = JSON.parse(booted.outputs['result'] ?? '{}') as { details: readonly string[] }; // the action's own
    expect(result).toMatchObject({ schemaVersion: 1, action, outcome: 'error' });
    const { details } = result;
    expect(details).toEqual(
      expect.arrayContaining([
        ...('tenant' in actionFile(action).inputs
          ? [expect.stringMatching(/^tenant is "ACME!": give /)]
          : []),
        expect.stringMatching(/^account is "12": give /),
        'acount is not an input of this action: did you mean account?',
      ]),
    );
    for (const detail of details) expect(booted.errors[0]?.message).toContain(`\n- ${detail}`);
    expect(booted.summary).toContain('INPUTS_INVALID');
  });
});

describe('a shipped action', () => {
  it('says which permission is missing when the job has no identity', async () => {
    const booted = await bootAction('gate-on-ecr-findings', {
      inputs: {
        ...TARGET,
        contract: 'signed',
        change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
        'scan-minutes': '1',
      },
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect(booted).toMatchObject({ exitCode: 1, outputs: { 'reason-code': 'OIDC_TOKEN_UNAVAILABLE' } });
    expect(booted.lines.join('\n')).toContain('id-token: write');
  });

  it('asks for its identity through a proxy when the runner has one', async () => {
    const booted = await bootAction('gate-on-ecr-findings', {
      inputs: {
        ...TARGET,
        contract: 'signed',
        change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
        'scan-minutes': '1',
      },
      env: {
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://issuer.invalid/token?a=b',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'not-a-secret',
        https_proxy: 'http://127.0.0.1:1',
      },
    });
    // Nothing listens there: what matters is that the proxy was asked.
    expect(booted.exitCode).toBe(1);
    expect(booted.lines.join('\n')).toMatch(/ECONNREFUSED 127\.0\.0\.1:1|127\.0\.0\.1:1/);
  });
});
