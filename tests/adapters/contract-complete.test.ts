import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { run } from '@tenant-delivery/cli/run';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { acmeSandbox, keyInKms, ORDERS, type Sandbox } from '../stage/a-job.ts';

const TEMPLATE = join(import.meta.dirname, '../../templates/operations-repo/tenants/acme.yaml');

const NETWORK = `    network:
      layers:
        edge: { cidrs: [10.20.0.0/24, 10.20.1.0/24], egress: none }
        app: { cidrs: [10.20.10.0/24, 10.20.11.0/24], egress: none }
      nat: { per: zone, cidrs: [10.20.30.0/28, 10.20.30.16/28] }
      endpoints: { layer: app, services: [ecr.api, logs] }
      balancer: { layer: edge }
      flowLogDays: 365
`;

let sandbox: Sandbox;
let cloudformation: CloudFormationClient;
const before = { ...process.env };

beforeAll(async () => {
  sandbox = await acmeSandbox();
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  cloudformation = new CloudFormationClient({ region: ORDERS.region });
  writeFileSync(
    at('trust.json'),
    JSON.stringify({ schemaVersion: 1, keys: [keyInKms(sandbox.aws, 'build')] }),
  );
});
afterEach(() => writeFileSync(at('acme.yaml'), ''));
afterAll(async () => {
  process.env = before;
  await sandbox.close();
});

const at = (file: string) => join(sandbox.folder, file);

/** acme's contract before its network is made. */
function openContract(change: (text: string) => string = (text) => text): string {
  const text = readFileSync(TEMPLATE, 'utf8')
    .replace('vpc: { id: vpc-0acme00000000prod, cidr', 'vpc: { cidr')
    .replace(/( {6}edge: ).*0acme0edge.*\n( {6}app: ).*\n/, '$1{}\n$2{} # of the tasks\n')
    .replace('    cluster: acme-prod\n', `${NETWORK}    cluster: acme-prod\n`)
    .replace(
      '\nenvironments:\n',
      '\npublishers: ["arn:aws:iam::000011112222:role/contracts"]\nenvironments:\n',
    );
  writeFileSync(at('acme.yaml'), change(text));
  return change(text);
}

async function complete(environment = 'prod') {
  const printed: string[] = [];
  const io = {
    cwd: sandbox.folder,
    env: {},
    out: (line: string) => printed.push(line),
    err: (line: string) => printed.push(line),
    interrupted: new AbortController().signal,
  };
  const words = ['contract', 'complete', 'acme.yaml', '--environment', environment, '--trust', 'trust.json'];
  const exit = await run(words, io);
  return { exit, printed: printed.join('\n'), text: readFileSync(at('acme.yaml'), 'utf8') };
}

/** A stack of that name with those outputs; what it makes does not matter here. */
async function networkStack(outputs: Readonly<Record<string, string>>): Promise<void> {
  const template = {
    Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/td/acme/prod/any' } } },
    Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
  };
  const StackName = 'td-acme-prod-network';
  await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  for (;;) {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    if (Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE') return;
    await new Promise((passed) => setTimeout(passed, 50));
  }
}

const OUTPUTS = {
  VpcId: 'vpc-0made',
  SubnetsEdge: 'subnet-0e1,subnet-0e2',
  SubnetsApp: 'subnet-0a1,subnet-0a2',
  GroupEdgeId: 'sg-0edge',
  GroupAppId: 'sg-0app',
};

test('before the network is there, the keys are written and the rest is named as open', async () => {
  openContract();
  const { exit, printed, text } = await complete();
  expect(exit).toBe(1);
  expect(printed).toContain('still open: the network of prod: it is not provisioned');
  const { keyId, from } = keyInKms(sandbox.aws, 'build');
  expect(printed).toContain(`The build key ${keyId.slice(0, 12)}… of prod counts from ${from}.`);
  expect(text).toContain(`keyId: ${keyId}`);
});

test('what came of it is written into the file, its other lines stay, and a second time nothing is new', async () => {
  await networkStack(OUTPUTS);
  const was = openContract();
  const { exit, printed, text } = await complete();
  expect({ exit, printed }).toMatchObject({ exit: 0 });
  expect(printed).toContain('The serial goes from 1 to 2.');
  expect(printed).toContain('The subnets of the layer app in prod: subnet-0a1, subnet-0a2.');
  const kept = was.split('\n').filter((line) => !text.split('\n').includes(line));
  expect(kept).toEqual([
    'serial: 1 # grows with every change; an older one is refused wherever a newer one was seen',
    '    vpc: { cidr: 10.20.0.0/16 }',
    '      edge: {}',
    '      app: {} # of the tasks',
  ]);
  const read = readYaml(text, TenantContract);
  if ('mistakes' in read) throw new Error(read.mistakes.join('; '));
  const { prod } = read.document.environments;
  expect(prod).toMatchObject({
    vpc: { id: 'vpc-0made', cidr: '10.20.0.0/16' },
    layers: { app: { subnets: ['subnet-0a1', 'subnet-0a2'], securityGroups: ['sg-0app'] } },
  });
  const { keyId, duty, publicKey } = keyInKms(sandbox.aws, 'deploy');
  expect(prod?.keys).toContainEqual({ keyId, duty, publicKey, from: expect.any(String) });
  expect(await complete()).toMatchObject({
    exit: 0,
    printed: expect.stringContaining('nothing is new'),
    text,
  });
});

test('keys and stacks of another account than the contract’s are refused, and the file stays', async () => {
  const other = (text: string) => text.replaceAll('000011112222', '000099998888');
  const was = openContract(other);
  const { exit, printed, text } = await complete();
  expect([exit, text]).toEqual([1, was]);
  expect(printed).toContain('ACCOUNT_MISMATCH');
  expect(printed).toMatch(/arn:aws:kms:eu-west-1:000011112222:key\/\S+ is not in 000099998888, eu-west-1/);
});

test('what would not be a sound contract is not written', async () => {
  const { keyId, publicKey } = keyInKms(sandbox.aws, 'build');
  const lines = publicKey
    .trimEnd()
    .split('\n')
    .map((line) => `          ${line}`);
  const key = `    keys:\n      - keyId: ${keyId}\n        duty: build\n        from: 2026-01-01T00:00:00Z\n        publicKey: |\n${lines.join('\n')}\n`;
  const was = openContract((text) => text.replace(/( {2}staging: .*\n)/, `$1${key}`)); // which is prod's own
  const { exit, printed, text } = await complete();
  expect([exit, text]).toEqual([1, was]);
  expect(printed).toContain('is there more than once, for prod (build) and staging (build)');
});
