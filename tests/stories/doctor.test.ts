import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, stackStore } from '@tenant-delivery/local-aws/cloudformation/state';
import { bucketsOf } from '@tenant-delivery/local-aws/s3/state';
import { iamOf } from '@tenant-delivery/local-aws/services/iam';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { ORDERS } from '../stage/acme.ts';
import { examined } from '../stage/examined.ts';
import { tamper, without } from '../stage/stage.ts';
import { type Command, command } from '../witnesses/command.ts';

let platform: LocalPlatform;
beforeAll(async () => {
  platform = await startLocalPlatform();
  const acme = platform.tenants['acme'];
  if (acme) ruleBranches(platform.github, acme.contract);
});
afterAll(() => platform?.close());

/** What is not ok, by line. */
async function notOk(wish: Parameters<typeof examined>[1] = {}) {
  const { lines } = await examined(platform, wish);
  return lines.filter(({ result }) => result !== 'ok');
}

test('everything is ok in an environment that was just made', async () => {
  expect(await notOk()).toEqual([]);
});

test('whoever publishes contracts is read from the vault and shown, unless somebody says it', async () => {
  const { lines } = await examined(platform, { publishers: [] });
  const policy = lines.find(({ id }) => id === 'vault/policy');
  expect(policy).toMatchObject({
    result: 'ok',
    found: expect.stringContaining(`${ORDERS.account}:user/operator publishes`),
  });
  const others = await notOk({ publishers: [`arn:aws:iam::${ORDERS.account}:role/other`] });
  expect(others.map(({ id }) => id)).toEqual(['vault/policy']);
});

describe('the contract', () => {
  const acme = () => {
    const contract = platform.tenants['acme']?.contract;
    if (!contract) throw new Error('acme was not set up');
    return contract;
  };
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString();
  test.each([
    [
      'ends soon',
      { expires: soon, serial: 2 },
      { 'contract/expiry': /Agree/, 'contract/published': /sign FILE/ },
    ],
    ['was not published', { serial: 2 }, { 'contract/published': /contract sign FILE --environment prod/ }],
    [
      'has other content under the same serial',
      { tier: 'silver' },
      { 'contract/published': /Raise the serial/ },
    ],
    ['trusts another release', { releases: ['v9.9.9'], serial: 2 }, 'trusts'],
  ] as const)('%s', async (_, change, expected) => {
    const lines = await notOk({
      contract: {
        ...acme(),
        ...change,
        releases: [...(('releases' in change ? change.releases : acme().releases) ?? [])],
      },
    });
    if (expected === 'trusts') {
      const ids = lines.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(['role/td-prod-build/trust', 'role/td-prod-deploy/trust']));
      expect(ids.filter((id) => !id.endsWith('/trust'))).toEqual([
        'contract/published',
        'github/acme/orders/releases', // both still call the release that is not trusted any more
        'github/OWNER/tenant-operations/releases',
      ]);
      return;
    }
    expect(lines.map(({ id, result }) => [id, result])).toEqual(
      Object.keys(expected).map((id) => [id, 'wrong']),
    );
    for (const { id, mend } of lines) expect(mend).toMatch(Reflect.get(expected, id));
  });

  test('does not name the newest release', async () => {
    expect(await notOk({ newest: 'v0.2.0' })).toEqual([
      expect.objectContaining({
        id: 'contract/releases',
        result: 'wrong',
        mend: expect.stringContaining('Add v0.2.0'),
      }),
    ]);
  });

  test('was in force with a higher serial than what is published', async () => {
    const key = 'seen/contract/prod/0000000000000009.json';
    const digest = `sha256:${'0'.repeat(64)}`;
    const seen = Buffer.from(JSON.stringify({ schemaVersion: 1, serial: 9, digest }));
    await platform.tenants['acme']?.vault('prod').create(key, seen);
    const lines = await notOk();
    delete bucketsOf(platform.aws.world)[`td-vault-acme-prod-${ORDERS.account}`]?.objects[key];
    expect(lines).toEqual([
      expect.objectContaining({
        id: 'contract/seen',
        result: 'wrong',
        mend: expect.stringContaining('publish'),
      }),
    ]);
  });

  test('that lies in the vault was signed by nobody who is trusted, or is not there', async () => {
    const forged = tamper(platform, 'contract/prod.dsse.json', (text) =>
      text.replace(/"sig":"..../, '"sig":"AAAA'),
    );
    const unsigned = await notOk();
    forged();
    const gone = tamper(platform, 'contract/prod.dsse.json', () => undefined);
    const absent = await notOk();
    gone();
    expect(unsigned).toEqual([expect.objectContaining({ id: 'contract/published', result: 'wrong' })]);
    expect(absent).toEqual([
      expect.objectContaining({ id: 'contract/published', found: 'none is published' }),
    ]);
  });
});

describe('stacks', () => {
  const own = ['td-acme-prod-provisioning', 'td-acme-prod-foundation', 'td-acme-prod-operations'];
  const made = (states: Readonly<Record<string, Stack['status']>>) => {
    const { stacks } = stackStore(platform.aws.world, ORDERS.account, ORDERS.region);
    for (const [name, status] of Object.entries(states)) {
      const id = `arn:aws:cloudformation:${ORDERS.region}:${ORDERS.account}:stack/${name}/1`;
      const content = { resources: {}, outputs: [], changeSets: {}, events: [], protected: false };
      stacks[id] = { ...content, id, name, created: platform.aws.clock.now(), status };
    }
    return () => {
      for (const id of Object.keys(stacks)) delete stacks[id];
    };
  };
  const complete = Object.fromEntries(
    ['td-acme-account', ...own].map((name) => [name, 'UPDATE_COMPLETE' as const]),
  );

  test.each([
    [
      'td-acme-prod-foundation',
      'UPDATE_ROLLBACK_FAILED',
      'wrong',
      'continue-update-rollback --region eu-west-1',
    ],
    [
      'td-acme-prod-operations',
      'ROLLBACK_COMPLETE',
      'wrong',
      'delete-stack --region eu-west-1 --stack-name td-acme-prod-operations',
    ],
    [
      'td-acme-prod-operations',
      'REVIEW_IN_PROGRESS',
      'wrong',
      'gh workflow run provision.yml -f tenant=acme -f environment=prod -f account=000011112222 -f region=eu-west-1 -f part=foundation',
    ],
    [
      'td-acme-account',
      'REVIEW_IN_PROGRESS',
      'wrong',
      'Apply td-acme-account, as docs/onboarding.md step 8 says',
    ],
    [
      'td-acme-prod-provisioning',
      'ROLLBACK_COMPLETE',
      'wrong',
      'when it is gone: Apply td-acme-prod-provisioning again, as docs/onboarding.md step 8 says',
    ],
    ['td-acme-prod-provisioning', 'UPDATE_IN_PROGRESS', 'unknown', 'describe-stack-events'],
    ['td-acme-prod-foundation', 'UPDATE_FAILED', 'wrong', 'Bring it to a complete state'], // deleting it would lose what is there
  ] as const)('%s is %s, which is %s', async (name, status, result, mend) => {
    const gone = made({ ...complete, [name]: status });
    const lines = await notOk();
    gone();
    expect(lines).toEqual([
      expect.objectContaining({ id: `stack/${name}`, result, mend: expect.stringContaining(mend) }),
    ]);
  });

  test('a role of an environment that stacks made is mended by its stack, and never beside it', async () => {
    const gone = made(complete);
    const { roles } = iamOf(platform.aws.world, ORDERS.account);
    const lines: Awaited<ReturnType<typeof notOk>>[number][] = [];
    await without(roles, 'td-prod-gate', async () => void lines.push(...(await notOk())));
    gone();
    expect(lines.find(({ id }) => id === 'role/td-prod-gate')?.mend).toBe(
      'gh workflow run provision.yml -f tenant=acme -f environment=prod -f account=000011112222 -f region=eu-west-1 -f part=foundation',
    );
  });

  test('some are there and others were never made', async () => {
    const gone = made({ 'td-acme-prod-foundation': 'CREATE_COMPLETE' });
    const lines = await notOk();
    gone();
    expect(lines.map(({ id }) => id)).toEqual(
      ['td-acme-account', 'td-acme-prod-provisioning', 'td-acme-prod-operations'].map(
        (name) => `stack/${name}`,
      ),
    );
  });
});

describe('what could not be seen is unknown, with the reason, and never wrong', () => {
  test.each([
    ['iam', 'GetRole', /^(role\/|iam-quotas)/],
    ['iam', 'GetRolePolicy', /^role\/.*\/policies$/],
    ['iam', 'ListAttachedRolePolicies', /^role\/.*\/policies$/],
    ['iam', 'GetOpenIDConnectProvider', /^oidc-provider$/],
    ['iam', 'GetAccountSummary', /^iam-quotas$/],
    ['iam', 'GetPolicyVersion', /^boundary\//],
    ['kms', 'DescribeKey', /^key\//],
    ['kms', 'GetKeyPolicy', /^key\/.*\/policy$/],
    ['kms', 'GetPublicKey', /^key\/.*\/trust$/],
    ['s3', 'GetBucketPolicy', /^vault\/policy$/],
    ['s3', 'GetBucketVersioning', /^vault\/versioning$/],
    ['s3', 'GetObjectLockConfiguration', /^vault\/lock$/],
    ['s3', 'GetPublicAccessBlock', /^vault\/public$/],
    ['s3', 'GetObject', /^contract\//],
    ['ecs', 'DescribeServices', /^service\/orders(\/tags)?$/],
    ['ecs', 'ListTagsForResource', /tags$/],
    ['ec2', 'DescribeSubnets', /^(layer\/|quota\/nat-gateways$)/],
    ['ec2', 'DescribeSecurityGroups', /^quota\/security-group/],
    ['servicequotas', 'ListServiceQuotas', /^quota\//],
    ['servicequotas', 'GetAWSDefaultServiceQuota', /^quota\/services$/],
    [
      'elasticloadbalancing',
      'DescribeLoadBalancers',
      /^(balancer|service\/orders\/target-group|quota\/(load-balancers|listener-rules)$)/,
    ],
    [
      'elasticloadbalancing',
      'DescribeTargetGroups',
      /^(service\/orders\/target-group|quota\/target-groups)$/,
    ],
    ['ecr', 'DescribeRepositories', /^(service\/orders\/repository|quota\/repositories$)/],
    ['cloudformation', 'DescribeStacks', /^(stack|quota)\//],
    ['logs', 'DescribeLogGroups', /^service\/orders\/log-group$/],
    ['application-autoscaling', 'DescribeScalableTargets', /^service\/orders\/scaling$/],
  ] as const)('%s:%s is denied', async (service, operation, ids) => {
    platform.aws.fail({ service, operation, nth: 1, times: 1_000, kind: 'denied' });
    const lines = await notOk();
    platform.aws.mend();
    expect(lines.length).toBeGreaterThan(0);
    for (const { id, result, found, mend } of lines) {
      expect([id, result]).toEqual([expect.stringMatching(ids), 'unknown']);
      expect(found).toMatch(/denied/);
      expect(mend).toMatch(/Allow the action/);
    }
  });

  test('credentials of another account say nothing of this tenant', async () => {
    const globex = platform.tenants['globex'];
    if (!globex) throw new Error('globex was not set up');
    const lines = await notOk({ operator: globex.operator });
    expect(lines.map(({ id, result }) => [id, result])).toEqual([
      ['account', 'wrong'],
      ['aws', 'unknown'],
    ]);
  });

  test('a repository that the token does not see', async () => {
    const lines = await notOk({ login: 'nobody' });
    expect(lines.map(({ id, result }) => [id, result])).toEqual(
      [
        ...['', '/acme-prod-approval', '/acme-prod', '/ruleset', '/releases', '/plan'].map(
          (of) => `acme/orders${of}`,
        ),
        ...['', '/acme-prod-approval', '/acme-prod', '/releases', '/plan'].map(
          (of) => `OWNER/tenant-operations${of}`,
        ),
      ].map((of) => [`github/${of}`, 'unknown']),
    );
  });
});

describe('required reviewers in a private repository need GitHub Enterprise', () => {
  test.each([
    ['acme', 'team', 'wrong', 'Move the owner to GitHub Enterprise'],
    ['acme', 'enterprise', 'ok', ''],
    ['sre-kim', 'team', 'unknown', 'Billing page'],
  ] as const)('asked by %s under the plan %s: %s', async (login, plan, result, mend) => {
    const orders = repositoryNamed(platform.github.world, 'acme/orders');
    const own = orders.environments.get('acme-prod-approval');
    if (!own) throw new Error('the environment is gone');
    orders.environments.set('acme-prod-approval', { ...own, reviewers: [] });
    const acme = userNamed(platform.github.world, 'acme');
    acme.plan = plan;
    const { lines } = await examined(platform, { login });
    acme.plan = 'enterprise';
    orders.environments.set('acme-prod-approval', own);
    expect(lines.find(({ id }) => id === 'github/acme/orders/plan')).toMatchObject({
      result,
      mend: expect.stringContaining(mend),
    });
  });
});

describe('the command', () => {
  const CLI = join(root, 'packages/cli/src/main.ts');
  const ask = [CLI, 'doctor', 'acme.yaml', '--environment', 'prod'];
  let node: Command;
  beforeAll(() => {
    const operator = platform.tenants['acme']?.operator;
    if (!operator) throw new Error('acme was not set up');
    const { folder, aws, github } = platform;
    writeFileSync(join(folder, 'acme.yaml'), JSON.stringify(platform.tenants['acme']?.contract)); // production alone
    const { accessKeyId, secretAccessKey } = operator;
    mkdirSync(join(folder, '.aws'), { recursive: true });
    const profile = `[of-acme]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    writeFileSync(join(folder, '.aws/credentials'), profile);
    node = command(process.execPath, folder, {
      AWS_ENDPOINT_URL: aws.url,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: userNamed(github.world, 'sre-kim').token,
    });
  });
  const asked = [...ask, '--trust', 'trust.json', '--profile', 'of-{tenant}'];

  test('says that all is ok, and ends with 0', async () => {
    const said = await node(asked);
    expect(said).toMatch(/^acme prod \(000011112222, eu-west-1\): \d+ ok, 0 wrong, 0 unknown\n/);
  });

  test('ends with 1 when something is wrong, which comes first, with the command and where its files come from', async () => {
    const { roles } = iamOf(platform.aws.world, ORDERS.account);
    await without(roles, 'td-prod-gate', async () => {
      const { exitCode, stdout } = await node.ran(asked);
      expect(exitCode).toBe(1);
      const [, first, then] = stdout.split('\n');
      expect(first).toBe('  WRONG    role td-prod-gate: there is none');
      expect(then).toMatch(/^ {11}aws iam create-role --role-name td-prod-gate .* file:\/\/DIR\//);
      expect(stdout).toContain('DIR is the folder that this writes: tenant-delivery contract render');
    });
  });

  test('ends with 3 when nothing is wrong and something could not be seen, and tells machines what', async () => {
    const { exitCode, stdout } = await node.ran([...asked, '--json'], { env: { GITHUB_TOKEN: '' } });
    expect(exitCode).toBe(3);
    const { schemaVersion, examinations } = JSON.parse(stdout);
    expect(schemaVersion).toBe(1);
    expect(examinations[0].lines.filter(({ result }: { result: string }) => result !== 'ok')).toEqual([
      expect.objectContaining({
        id: 'github',
        result: 'unknown',
        mend: expect.stringContaining('GITHUB_TOKEN'),
      }),
    ]);
  });
});
