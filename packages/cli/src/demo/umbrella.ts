import { exportEvidence } from '@tenant-delivery/delivery/export-evidence';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { startLocalPlatform, umbrellaContract } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { closeByHand } from './close-by-hand.ts';
import { provisioningOn, UMBRELLA } from './provisioning-stage.ts';
import { type Stage, stageOn } from './stage.ts';

const SCALE = 120; // times as fast as real time, four times the other scenes: a stack takes minutes

const BOTH_SIDES = {
  'withdraw / withdraw / second': 'sre-lou',
  'withdraw / withdraw / approve': 'lead-eli',
};

/** Seconds since the local servers began to start. */
interface Took {
  /** Until the first delivery was verified. */
  readonly delivered: number;
  readonly withdrawn: number;
}

/** A tenant from an empty account to its first delivery, a changed firewall rule, drift, and its withdrawal. */
export async function umbrella(
  { terminal, claims }: Pick<Stage, 'terminal' | 'claims'>,
  signal?: AbortSignal,
): Promise<Took> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const platform = await startLocalPlatform({ scale: SCALE, contracts: [], empty: [umbrellaContract()] });
  try {
    const stage = stageOn(platform, terminal, claims, signal);
    terminal.line(terminal.bold('A new tenant, from its contract to its withdrawal'));
    const contract = await onboarded(stage);
    await delivered(stage);
    const toDelivery = since();
    await firewallChanged(stage, contract);
    await withdrawn(stage);
    const took = { delivered: toDelivery, withdrawn: since() };
    terminal.line(`  all of it took ${took.withdrawn.toFixed(1)} s`);
    return took;
  } finally {
    await platform.close();
  }
}

/** The administrator has applied three stacks by hand. Everything else is a change that people approve. */
async function onboarded(stage: Stage): Promise<TenantContract> {
  const { claims, platform } = stage;
  const on = provisioningOn(stage);
  const foundation = await on.provision('foundation');
  const network = await on.provision('network');
  const plan = network.change ? await on.document('network', network.change, 'plan') : {};
  claims.claim(
    `its network is a change: ${(await on.states('network', network.change)).join(' → ')}`,
    foundation.outcome === 'applied' && network.outcome === 'applied',
    () => `${foundation.outcome}, ${network.outcome}`,
  );
  const addresses = Object.values(network.result.needs)[0]?.outputs['addresses'] ?? '';
  claims.claim(
    `its plan counts what costs money, and its addresses are known for the customer's firewall: ${addresses}`,
    JSON.stringify(plan).includes('natGateways') && addresses !== '',
    () => JSON.stringify(plan['fixedCosts']),
  );
  const contract = await platform.complete(on.contract);
  const roles = await on.provision('foundation'); // the deploy role names the subnets, which are known now
  const services = await on.provision('services');
  claims.claim(
    `serial ${contract.serial} says what came of the network, and a placeholder answers`,
    roles.outcome === 'applied' && services.outcome === 'applied',
    () => `${roles.outcome}, ${services.outcome}`,
  );
  return contract;
}

async function delivered(stage: Stage): Promise<void> {
  const { claims, platform } = stage;
  const first = await stage.run({
    repository: 'umbrella/shop',
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor: 'dev-ana',
    approveAs: 'lead-eli',
  });
  const balancer = `${platform.aws.url}/_local/balancers/${UMBRELLA.account}/umbrella-prod-internal`;
  const answer = await (await fetch(balancer)).text();
  claims.claim(
    `its first delivery took the place of the placeholder: ${answer.trim()}`,
    first.outcome === 'closed' && !answer.includes('placeholder'),
    () => `${first.outcome}: ${answer}`,
  );
}

async function firewallChanged(stage: Stage, before: TenantContract): Promise<void> {
  const { claims, platform } = stage;
  const on = provisioningOn(stage);
  const contract = structuredClone(before);
  contract.environments['prod']?.layerEdges[0]?.ports.push('8443');
  await platform.publish({ ...contract, serial: before.serial + 1 });
  const opened = await on.provision('network');
  const { stacks } = opened.change ? await on.document('network', opened.change, 'plan') : { stacks: [] };
  const changes = [stacks].flat().flatMap((stack) => Object(stack).changes ?? []);
  claims.claim(
    `a port of the layer matrix is ${changes.length} added rules, and nothing else is touched`,
    opened.outcome === 'applied' && changes.every((change) => Object(change).action === 'add'),
    () => JSON.stringify(changes),
  );
  await closeByHand(platform, on.operator, before, 8443);
  const drift = await on.start('drift', {});
  const [issue] = repositoryNamed(platform.github.world, before.operations.repository).issues;
  const line = issue?.body?.split('\n').find((text) => text.includes('8443')) ?? '';
  claims.claim(
    `a rule that somebody took away by hand is found: ${line.replace(/^- /, '')}`,
    drift.outcome === 'drifted' && line !== '',
    () => drift.outcome,
  );
}

async function withdrawn(stage: Stage): Promise<void> {
  const { claims, platform } = stage;
  const on = provisioningOn(stage);
  const outcomes: string[] = [];
  const changes: string[] = [];
  for (const part of ['services', 'network'] as const) {
    const run = await on.start('withdraw', { part, reason: 'The tenant leaves' }, { approveAs: BOTH_SIDES });
    outcomes.push(run.outcome);
    changes.push(run.change);
  }
  claims.claim(
    'services and network are withdrawn, each after both sides approved it',
    outcomes.every((outcome) => outcome === 'applied'),
    () => outcomes.join(', '),
  );
  const vault = platform.tenants[UMBRELLA.tenant]?.vault(UMBRELLA.environment);
  const place = { ...UMBRELLA, service: 'network' };
  const evidence = vault ? await exportEvidence(vault, platform.released, place, changes[1] ?? '') : '';
  claims.claim(
    'the vault stays, and the record of the withdrawal verifies offline',
    verifyEvidence(evidence, platform.released).holds,
  );
}
