import type { Answer } from '@tenant-delivery/rotation/ports';
import type { Gate } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { SecretsManagerWorld } from '../../src/secrets-manager/observe.ts';
import type {
  EcsConsumers,
  ObservedService,
  References,
  SecretStore,
} from '../../src/secrets-manager/ports.ts';
import {
  ACCOUNT,
  advance,
  beginRotation,
  labelled,
  type ModelService,
  moveLabel,
  registered,
  roll,
  type State,
  works,
} from './model.ts';

/** The ports of one process over a state that it shares with everybody else. */
export function modelWorld(
  state: State,
  gate: Gate,
  session: string,
): { readonly world: SecretsManagerWorld; readonly vault: Vault } {
  const calls = modelCalls(gate, () => advance(state, state.now + 100));
  const { read, change } = calls;

  const secret: SecretStore = {
    describe: () =>
      read('DescribeSecret', () => ({
        kind: 'usable',
        arn: 'arn:aws:secretsmanager:eu-west-1:000000000042:secret:td/prod/db-AbCdEf',
        managed: state.strategy !== 'provider-set',
        versions: Object.entries(state.versions).map(([id, { stages, createdAt }]) => ({
          id,
          stages: [...stages],
          createdAt,
        })),
        changedAt: state.changedAt,
        replicas: [],
      })),
    failure: (version) =>
      read('LookupEvents', () => (state.failed === version ? 'the rotation failed at setSecret' : undefined)),
    rotate: (version) =>
      change('RotateSecret', () => {
        const pending = labelled(state, 'AWSPENDING');
        if (pending !== undefined && pending !== version && pending !== labelled(state, 'AWSCURRENT'))
          return { refused: 'A previous rotation is not complete.' };
        if (!state.versions[version]) beginRotation(state, version);
        return undefined;
      }),
    label: (label, to, from) =>
      change('UpdateSecretVersionStage', () => {
        const has = labelled(state, label);
        if (to !== undefined && !state.versions[to]) return { refused: 'ResourceNotFoundException' };
        if (has !== undefined && has !== to && has !== from) return { refused: 'InvalidParameterException' };
        if (label === 'AWSCURRENT' && to !== undefined) judgePromotion(state, to);
        moveLabel(state, label, to);
        return undefined;
      }),
  };

  const found = (id: string): ModelService => {
    const service = state.services.find((one) => one.id === id);
    if (!service) throw new TypeError(`there is no service ${id}`);
    return service;
  };
  const usable = (id: string, from: string, rollout: string): Answer | undefined => {
    const service = found(id);
    if (state.now < service.lockedUntil) return { refused: 'a delivery has the lock' };
    return service.revision === from && service.rollout.id === rollout
      ? undefined
      : { refused: 'the service is no longer as it was seen' };
  };
  const consumers: EcsConsumers = {
    observe: (version) => read('DescribeServices', () => observed(state, version)),
    register: (id, from, version) =>
      change('RegisterTaskDefinition', () => {
        const old = state.revisions[from];
        found(id);
        if (!old) return { refused: 'ClientException' };
        registered(state, { pin: version, fixed: old.fixed });
        return undefined;
      }),
    deploy: ({ service, from, rollout, revision }) =>
      change('UpdateService', () => {
        const refused = usable(service, from, rollout);
        if (refused) return refused;
        judgeDeployment(state, found(service));
        roll(state, found(service), revision);
        return undefined;
      }),
    restart: ({ service, from, rollout }) =>
      change('UpdateService', () => {
        const refused = usable(service, from, rollout);
        if (refused) return refused;
        judgeDeployment(state, found(service));
        roll(state, found(service), from);
        return undefined;
      }),
  };
  const caller = { identity: () => read('GetCallerIdentity', () => ({ account: ACCOUNT, arn: session })) };
  return { world: { caller, secret, consumers }, vault: modelVault(state.vault, calls) };
}

function observed(state: State, version: string | undefined): Awaited<ReturnType<EcsConsumers['observe']>> {
  return {
    services: state.services.map((service) => ({
      id: service.id,
      taskDefinition: service.revision,
      uses: usesOf(state, service.revision),
      prepared: preparedFor(state, service, version),
      rollout: { ...service.rollout },
      settled: service.rollout.state !== 'going',
      desired: service.desired,
      busy:
        state.now < service.lockedUntil
          ? { until: service.lockedUntil, why: 'a delivery has the lock' }
          : undefined,
      obstacles: [],
    })),
    tasks: state.tasks.map((task) => ({
      id: task.id,
      service: task.service,
      taskDefinition: task.revision,
      uses: usesOf(state, task.revision),
      createdAt: task.createdAt,
      running: task.stopAt === undefined,
      healthy: task.healthy,
      pulled: task.healthy,
    })),
  };
}

function usesOf(state: State, revision: string): References {
  const { pin, fixed } = state.revisions[revision] ?? { pin: undefined, fixed: false };
  return { pins: pin === undefined ? [] : [pin], loose: pin === undefined && !fixed, fixed };
}

/** The newest of all revisions stands for the newest of the family: there is no other family to take it for. */
function preparedFor(
  state: State,
  { revision }: ModelService,
  version: string | undefined,
): ObservedService['prepared'] {
  const numberOf = (id: string) => Number(id.split('-').at(-1));
  const like = state.revisions[revision];
  const found = Object.keys(state.revisions)
    .filter((id) => numberOf(id) > numberOf(revision))
    .findLast((id) => state.revisions[id]?.pin === version && state.revisions[id]?.fixed === like?.fixed);
  return found === undefined || version === undefined ? undefined : { version, revision: found };
}

/** A value that an owner sets becomes current when tasks have shown that it works, wherever one can name it. */
function judgePromotion(state: State, version: string): void {
  const naming = state.services.some(({ revision }) => usesOf(state, revision).pins.length > 0);
  if (naming && !state.worked.includes(version) && state.versions[version]?.stages.includes('TDPENDING'))
    state.violations.push('a value was made current that no task had worked with');
  const back = !works(state, version);
  if (back && naming) state.violations.push('a value was made current that does not work');
}

function judgeDeployment(state: State, service: ModelService): void {
  if (service.rollout.state === 'going') state.violations.push(`a deployment of ${service.id} was replaced`);
}
