import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreatePullThroughCacheRuleCommand, ECRClient } from '@aws-sdk/client-ecr';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { DAY } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { atCustomer, seedVpn, vpnsOf } from '@tenant-delivery/local-aws/services/ec2';
import { acceptUpstream, revokeUpstream } from '@tenant-delivery/local-aws/services/ecr';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { opening as pullThrough } from '@tenant-delivery/rotate-access/agreed/pull-through';
import { opening as vpnPsk } from '@tenant-delivery/rotate-access/agreed/vpn-psk';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { formsOf } from '@tenant-delivery/rotation/secret';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { openedRun, type World } from '../stage/opened-run.ts';
import { ORDERS } from '../stage/stage.ts';

/*
 * The keys of a VPN and the credential of a pull-through cache from their first run to their last, in virtual days: what
 * rotate-access opens for them, over real requests to local-aws.
 */
const { environment, account, region } = ORDERS;
const HUB = 'registry-1.docker.io';
const VPN = {
  kind: 'vpn-psk',
  id: 'acme-hq',
  vpn: 'vpn-0acme00000hq0001',
  peer: '203.0.113.10',
  escrow: 'td/rotation/acme-hq',
} as const;
const CACHE = { kind: 'pull-through', id: 'hub', secret: 'ecr-pullthroughcache/hub', prefix: 'hub' } as const;

let aws: LocalAws;
let clock: ManualClock;
let operator: ReturnType<typeof clientConfig>;

const base = { region, local: true, scale: Number.MAX_SAFE_INTEGER, userAgent: 'tests' };

beforeAll(async () => {
  clock = manualClock();
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  process.env['AWS_ENDPOINT_URL'] = aws.url; // as the runner's environment says it
  operator = clientConfig(base, aws.addAccount(account));
  const vpn = seedVpn(aws.world, account, region, {
    id: VPN.vpn,
    customerGatewayIp: VPN.peer,
    tunnelsOutside: ['198.51.100.1', '198.51.100.2'],
  });
  const keys = Object.fromEntries(
    vpn.tunnels.map(({ outsideIp, preSharedKey }) => [outsideIp, preSharedKey]),
  );
  seedSecret(aws.world, account, region, { name: VPN.escrow, value: JSON.stringify(keys) });
  const value = JSON.stringify({ username: 'acme', accessToken: 'token-of-before' });
  const { arn } = seedSecret(aws.world, account, region, { name: CACHE.secret, value });
  acceptUpstream(aws.world, HUB, 'acme', 'token-of-before');
  await new ECRClient(operator).send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: CACHE.prefix,
      upstreamRegistryUrl: HUB,
      credentialArn: arn,
    }),
  );
});
afterAll(() => aws.close());

const world = (): World => ({
  aws,
  clock,
  vault: VAULT,
  pass: (milliseconds) => clock.advance(milliseconds),
});
const VAULT = memoryVault();
const CHANGES = /^(Create|Update|Delete|Put|Modify)/;

const changesBy = (role: string) =>
  aws.calls.filter(({ principal, operation }) => principal?.includes(`-${role}/`) && CHANGES.test(operation));

async function journalOf(credential: string): Promise<string> {
  const stored = await Promise.all(
    (await VAULT.list(`rotation/${credential}/`)).map((key) => VAULT.read(key)),
  );
  return stored.map((one) => Buffer.from(one?.bytes ?? []).toString()).join('\n');
}

function versionOf(secret: string, stage: string) {
  const versions = secretsOf(aws.world, account, region)[secret]?.versions ?? {};
  const found = Object.entries(versions).find(([, { stages }]) => stages.includes(stage));
  return found && { id: found[0], value: String(found[1].value) };
}

test('both tunnels of a VPN get other keys, one after the other, although the answer to the first change is lost', async () => {
  const tunnels = vpnsOf(aws.world, account, region)[VPN.vpn]?.tunnels ?? [];
  const before = tunnels.map(({ preSharedKey }) => preSharedKey);
  const turn = (given?: Readonly<Record<string, string>>) =>
    openedRun(world(), vpnPsk, { ...VPN }, { wish: 'forced', ...given });

  const planned = await (await turn()).plan();
  expect(planned.next).toMatchObject({ kind: 'note', note: { kind: 'opened' } });
  expect(changesBy('rotate-vpn')).toEqual([]);

  const ends: RunEnd[] = [await (await turn()).go()];
  const drawn: Record<string, string> = JSON.parse(versionOf(VPN.escrow, 'TDPENDING')?.value ?? '{}');
  const acknowledge = Object.entries(drawn)
    .map(([outside, psk]) => `${outside}=${fingerprintOf(account, psk)}`)
    .join(' ');
  expect(tunnels.map(({ preSharedKey }) => preSharedKey)).toEqual(before);

  aws.fail({ service: 'ec2', operation: 'ModifyVpnTunnelOptions', nth: 1, kind: 'reset-after-effect' });
  const touched: boolean[] = [];
  for (let tries = 0; tries < 30 && ends.at(-1)?.outcome !== 'rotated'; tries += 1) {
    await clock.advance(Math.max((ends.at(-1)?.nextEligibleAt ?? 0) - clock.now(), 20 * 60_000));
    ends.push(await (await turn({ acknowledge })).go());
    const down = tunnels.filter((tunnel) => tunnel.customerKey !== tunnel.preSharedKey);
    touched.push(down.length > 0);
    expect(down.length).toBeLessThan(2);
    // the customer's people install what they have ready
    for (const tunnel of down) atCustomer(aws.world, tunnel, { key: String(drawn[tunnel.outsideIp]) });
  }
  expect(ends.map(({ outcome }) => outcome)).toEqual([...ends.slice(1).map(() => 'in-progress'), 'rotated']);
  expect(touched).toContain(true);

  expect(tunnels.map(({ preSharedKey, customerKey }) => [preSharedKey, customerKey])).toEqual(
    Object.values(drawn).map((psk) => [psk, psk]),
  );
  expect(Object.values(drawn).filter((psk) => /^(?!0)[A-Za-z0-9._]{64}$/.test(psk))).toHaveLength(2);
  expect(versionOf(VPN.escrow, 'AWSCURRENT')?.value).toBe(JSON.stringify(drawn));
  expect([versionOf(VPN.escrow, 'TDPENDING'), versionOf(VPN.escrow, 'AWSPREVIOUS')]).toEqual([
    undefined,
    undefined,
  ]);
  const sent = aws.calls.filter(({ operation }) => operation === 'ModifyVpnTunnelOptions');
  expect(sent.map(({ attempts }) => attempts)).toEqual(sent.map(() => 1));
  expect(sent.map(({ input }) => Object.keys(Object(Reflect.get(Object(input), 'TunnelOptions'))))).toEqual(
    sent.map(() => ['PreSharedKey']),
  );

  const told = `${await journalOf(VPN.id)}${JSON.stringify([ends, planned])}`;
  const forms = [...before, ...Object.values(drawn)].flatMap(formsOf);
  expect(forms.filter((form) => told.includes(form))).toEqual([]);
});

test('no tunnel is touched while EC2 shows keys to everybody who may look, or while the connection goes elsewhere', async () => {
  const open = { ...VPN, id: 'acme-open', vpn: 'vpn-0acme0000open001', peer: '203.0.113.99' };
  seedVpn(aws.world, account, region, {
    id: open.vpn,
    storage: 'Standard',
    customerGatewayIp: '203.0.113.10',
    tunnelsOutside: ['198.51.100.1', '198.51.100.2'],
  });
  const end = await (await openedRun(world(), vpnPsk, open, { wish: 'forced' })).go();
  expect([end.outcome, end.reasons.map(({ code }) => code)]).toEqual([
    'refused',
    ['ROTATION_VPN', 'ROTATION_VPN_KEYS_READABLE'],
  ]);
  const shown = vpnsOf(aws.world, account, region)[open.vpn]?.tunnels.map(({ preSharedKey }) => preSharedKey);
  expect((shown ?? []).filter((psk) => JSON.stringify(end).includes(psk))).toEqual([]);
});

test('an upstream credential is tried by ECR before the old one goes, and a bad one is taken back', async () => {
  const turn = (given?: Readonly<Record<string, string>>) =>
    openedRun(world(), pullThrough, { ...CACHE }, given);
  const stage = (token: string, version: string) =>
    new SecretsManagerClient(operator).send(
      new PutSecretValueCommand({
        SecretId: CACHE.secret,
        SecretString: JSON.stringify({ username: 'acme', accessToken: token }),
        VersionStages: ['TDPENDING'],
        ClientRequestToken: version,
      }),
    );
  const first = versionOf(CACHE.secret, 'AWSCURRENT')?.id ?? '';

  const idle = await (await turn({ wish: 'forced' })).go();
  expect([idle.outcome, idle.reasons[0]?.code]).toEqual(['hold', 'ROTATION_VALUE_AWAITED']);

  await stage('a-bad-token', '11111111-1111-4111-8111-111111111111');
  const planned = await (await turn()).plan();
  expect([planned.next.kind, changesBy('rotate-registry')]).toEqual(['note', []]);
  const refused = await (await turn()).go();
  expect([refused.outcome, refused.reasons[0]?.code]).toEqual(['hold', 'ROTATION_UPSTREAM_REFUSED']);
  expect(versionOf(CACHE.secret, 'AWSCURRENT')?.id).toBe(first);

  acceptUpstream(aws.world, HUB, 'acme', 'a-good-token');
  const good = '22222222-2222-4222-8222-222222222222';
  await stage('a-good-token', good);
  const ends: RunEnd[] = [];
  const old = fingerprintOf(account, first);
  const begun = clock.now();
  while (!ends.at(-1)?.facts.some((fact) => fact.includes(`acknowledges ${old}`)) && ends.length < 20) {
    ends.push(await (await turn()).go());
    await clock.advance(Math.max((ends.at(-1)?.nextEligibleAt ?? 0) - clock.now(), 20 * 60_000));
  }
  expect(clock.now() - begun).toBeGreaterThan(DAY);
  expect(versionOf(CACHE.secret, 'AWSCURRENT')?.id).toBe(good);
  revokeUpstream(aws.world, HUB, 'token-of-before');
  const end = await (await turn({ acknowledge: old })).go();
  expect(end.outcome).toBe('rotated');
  expect(versionOf(CACHE.secret, 'TDPENDING')).toBeUndefined();
});

test.each(['rotate-vpn', 'rotate-registry'])('the role %s may do what was done and nothing else', (role) => {
  const file = join(import.meta.dirname, `../../templates/iam/permissions/${role}.json`);
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Statement: readonly { readonly Action: string | readonly string[] }[];
  }; // our own file
  const granted = Statement.flatMap(({ Action }) => Action).toSorted();
  const called = aws.calls
    .filter(({ principal }) => principal?.includes(`:assumed-role/td-${environment}-${role}/`))
    .map(({ service, operation }) => `${service}:${operation}`)
    .filter((action) => action !== 'sts:GetCallerIdentity'); // which everybody may ask
  expect([...new Set(called)].toSorted()).toEqual(granted);
});
