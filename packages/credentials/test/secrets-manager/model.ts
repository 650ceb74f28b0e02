import { DAY, HOUR, MINUTE, SECOND } from '@tenant-delivery/domain';

/*
 * A small ECS and Secrets Manager in memory, with a database that takes the passwords of its users of now: versions
 * without a label are gone after a day, tasks read the value when they start and keep it, deployments take their time and
 * are taken back when tasks do not work, hosts replace tasks now and then.
 */
export const ACCOUNT = '000000000042';

export type Strategy = 'single-user' | 'alternating-users' | 'provider-set';

export interface Setting {
  readonly strategy: Strategy;
  readonly services: readonly {
    readonly id: string;
    /** What its task definition names: the current version, the previous one, the one that is current, or a registry's credentials. */
    readonly names: 'current' | 'previous' | 'loose' | 'fixed';
    readonly desired?: number;
  }[];
  /** A task beside all services that names a version, is started again by its host, and ends after so long. */
  readonly standalone?: { readonly names: 'current' | 'previous'; readonly until: number };
}

interface Version {
  readonly user: string;
  readonly password: string;
  stages: string[];
  readonly createdAt: number;
}

interface Revision {
  readonly pin: string | undefined;
  readonly fixed: boolean;
}

export interface ModelTask {
  readonly id: string;
  readonly service: string | undefined;
  readonly revision: string;
  readonly createdAt: number;
  /** The version that it read; `undefined` until it did. */
  read: string | undefined;
  healthy: boolean;
  stopAt: number | undefined;
}

interface Rollout {
  id: string;
  state: 'done' | 'going' | 'failed';
  createdAt: number;
}

export interface ModelService {
  readonly id: string;
  revision: string;
  before: string;
  rollout: Rollout;
  rolloutBefore: Rollout;
  readonly desired: number;
  nextChurn: number;
  lockedUntil: number;
}

export interface State {
  now: number;
  readonly strategy: Strategy;
  counter: number;
  processes: number;
  vault: Map<string, Uint8Array>;
  violations: string[];
  versions: Record<string, Version>;
  /** The passwords that work, by user; of a value that an owner sets, all that are not revoked. */
  logins: Record<string, string>;
  valid: string[];
  changedAt: number;
  rotating: { readonly version: string; at: number; set: boolean } | undefined;
  revisions: Record<string, Revision>;
  services: ModelService[];
  tasks: ModelTask[];
  standaloneUntil: number;
  /** Versions with which a task was healthy. */
  worked: string[];
  leakedPasswords: string[] | undefined;
  /** The rotation function fails before it changes a login, until somebody mends it. */
  broken: boolean;
  /** The version at which it did. */
  failed: string | undefined;
  /** The next run is told to try again. */
  forced: boolean;
}

const START = Date.parse('2026-03-01T00:00:00Z');
const CHURN = 3 * HOUR;
const READS = 20 * SECOND;
const HEALTHY = 60 * SECOND;
const STOPS = 30 * SECOND;
const FUNCTION = 10 * SECOND;
const OLD = 'version-old-0000000000000000000000';
const OLDER = 'version-older-00000000000000000000';
export const NEW = 'version-new-0000000000000000000000';

export function openingState(setting: Setting): State {
  const provided = setting.strategy === 'provider-set';
  const other = setting.strategy === 'single-user' ? 'app' : 'app_clone';
  const made = START - 200 * DAY;
  const version = (user: string, password: string, stages: string[]): Version => ({
    user,
    password,
    stages,
    createdAt: made,
  });
  const state: State = {
    now: START,
    strategy: setting.strategy,
    counter: 0,
    processes: 0,
    vault: new Map(),
    violations: [],
    versions: {
      [OLDER]: version(other, 'pw-older', ['AWSPREVIOUS']),
      [OLD]: version('app', 'pw-old', ['AWSCURRENT']),
      ...(provided && {
        [NEW]: { user: 'app', password: 'pw-new', stages: ['TDPENDING'], createdAt: START - HOUR },
      }),
    },
    logins: { [other]: 'pw-older', app: 'pw-old' },
    valid: ['pw-older', 'pw-old', 'pw-new', 'pw-newer'],
    changedAt: made,
    rotating: undefined,
    revisions: {},
    services: [],
    tasks: [],
    standaloneUntil: START + (setting.standalone?.until ?? 0),
    worked: [],
    leakedPasswords: undefined,
    broken: false,
    failed: undefined,
    forced: false,
  };
  const revisionFor = (names: 'current' | 'previous' | 'loose' | 'fixed') =>
    registered(state, {
      pin: names === 'current' ? OLD : names === 'previous' ? OLDER : undefined,
      fixed: names === 'fixed',
    });
  for (const [index, { id, names, desired = 2 }] of setting.services.entries()) {
    const revision = revisionFor(names);
    const rollout = { id: next(state, 'rollout'), state: 'done' as const, createdAt: made + HOUR };
    const nextChurn = START + CHURN + index * 17 * MINUTE;
    state.services.push({
      id,
      revision,
      before: revision,
      rollout,
      rolloutBefore: rollout,
      desired,
      nextChurn,
      lockedUntil: 0,
    });
    for (let each = 0; each < desired; each += 1) startTask(state, revision, id, made + HOUR);
  }
  if (setting.standalone) startTask(state, revisionFor(setting.standalone.names), undefined, made + HOUR);
  for (const task of state.tasks) {
    task.read = state.revisions[task.revision]?.pin ?? OLD;
    task.healthy = true;
  }
  return state;
}

export function cloneState(state: State): State {
  const { vault, ...rest } = state;
  return { ...structuredClone(rest), vault: new Map(vault) };
}

function next(state: State, what: string): string {
  state.counter += 1;
  return `${what}-${state.counter}`;
}

export function registered(state: State, revision: Revision): string {
  const id = next(state, 'revision');
  state.revisions[id] = revision;
  return id;
}

function startTask(
  state: State,
  revision: string,
  service: string | undefined,
  createdAt: number,
): ModelTask {
  const task: ModelTask = {
    id: next(state, 'task'),
    service,
    revision,
    createdAt,
    read: undefined,
    healthy: false,
    stopAt: undefined,
  };
  state.tasks.push(task);
  return task;
}

export function works({ versions, logins, valid, strategy }: State, id: string | undefined): boolean {
  const version = versions[id ?? ''];
  if (!version) return false;
  return strategy === 'provider-set'
    ? valid.includes(version.password)
    : logins[version.user] === version.password;
}

export function labelled({ versions }: State, label: string): string | undefined {
  return Object.keys(versions).find((id) => versions[id]?.stages.includes(label));
}

/** Moves a label as Secrets Manager does. */
export function moveLabel(state: State, label: string, to: string | undefined): void {
  const from = labelled(state, label);
  if (from === to) return;
  for (const version of Object.values(state.versions))
    version.stages = version.stages.filter((stage) => stage !== label);
  if (to !== undefined) state.versions[to]?.stages.push(label);
  state.changedAt = state.now;
  if (label === 'AWSCURRENT' && from !== undefined) moveLabel(state, 'AWSPREVIOUS', from);
}

/** Begins a deployment, ours or another's. */
export function roll(state: State, service: ModelService, revision: string): void {
  service.before = service.rollout.state === 'going' ? service.before : service.revision;
  if (service.rollout.state !== 'going') service.rolloutBefore = service.rollout;
  service.revision = revision;
  service.rollout = { id: next(state, 'rollout'), state: 'going', createdAt: state.now };
  for (let each = 0; each < service.desired; each += 1) startTask(state, revision, service.id, state.now);
}

export function beginRotation(state: State, version: string): void {
  const current = state.versions[labelled(state, 'AWSCURRENT') ?? ''];
  const user = state.strategy === 'single-user' || current?.user === 'app_clone' ? 'app' : 'app_clone';
  const password = next(state, 'pw');
  state.versions[version] = { user, password, stages: [], createdAt: state.now };
  moveLabel(state, 'AWSPENDING', version);
  state.rotating = { version, at: state.now + FUNCTION, set: false };
}

/** Everything that happens until then, in its order. */
export function advance(state: State, to: number): void {
  for (;;) {
    const at = Math.min(...happenings(state).map((one) => one.at));
    if (!(at <= to)) break;
    state.now = Math.max(state.now, at);
    for (const one of happenings(state)) if (one.at <= state.now) one.happen();
  }
  state.now = Math.max(state.now, to);
}

interface Happening {
  readonly at: number;
  happen(): void;
}

function happenings(state: State): readonly Happening[] {
  const { rotating } = state;
  return [
    ...(rotating ? [{ at: rotating.at, happen: () => functionStep(state) }] : []),
    ...state.tasks.flatMap((task) => taskHappenings(state, task)),
    ...state.services.flatMap((service) => serviceHappenings(state, service)),
  ];
}

function functionStep(state: State): void {
  const { rotating } = state;
  const version = state.versions[rotating?.version ?? ''];
  if (!rotating || !version) {
    state.rotating = undefined;
    return;
  }
  if (!rotating.set && state.broken) {
    state.failed = rotating.version;
    state.rotating = undefined;
    return;
  }
  if (!rotating.set) {
    state.logins[version.user] = version.password;
    rotating.set = true;
    rotating.at = state.now + FUNCTION;
    for (const task of state.tasks) if (task.read && !works(state, task.read)) outage(state, task);
    return;
  }
  moveLabel(state, 'AWSCURRENT', rotating.version);
  state.rotating = undefined;
}

function outage(state: State, task: ModelTask): void {
  if (state.strategy === 'single-user') return; // which was agreed
  state.violations.push(`outage: the login of ${task.id} of ${task.service ?? 'no service'} was changed`);
}

function taskHappenings(state: State, task: ModelTask): readonly Happening[] {
  if (task.stopAt !== undefined)
    return [
      {
        at: task.stopAt,
        happen: () => {
          state.tasks = state.tasks.filter((one) => one !== task);
        },
      },
    ];
  if (task.read === undefined) return [{ at: task.createdAt + READS, happen: () => readValue(state, task) }];
  if (!task.healthy && works(state, task.read))
    return [
      {
        at: Math.max(state.now, task.createdAt + HEALTHY),
        happen: () => {
          task.healthy = true;
          if (task.read && !state.worked.includes(task.read)) state.worked.push(task.read);
        },
      },
    ];
  return [];
}

function readValue(state: State, task: ModelTask): void {
  const pin = state.revisions[task.revision]?.pin;
  const version = pin ?? labelled(state, 'AWSCURRENT') ?? '';
  task.read = version;
  const there = state.versions[version];
  const kept = there && (there.stages.length > 0 || there.createdAt > state.now - DAY);
  if (!kept) {
    state.violations.push(
      `${task.id} of ${task.service ?? 'no service'} cannot start: its version has no label`,
    );
    task.stopAt = state.now;
  }
}

function serviceHappenings(state: State, service: ModelService): readonly Happening[] {
  const { rollout } = service;
  if (rollout.state === 'going')
    return [{ at: rollout.createdAt + HEALTHY + STOPS, happen: () => land(state, service) }];
  return [{ at: service.nextChurn, happen: () => churn(state, service) }];
}

/** The end of a deployment: the old tasks go, or the new ones do and the service is as before. */
function land(state: State, service: ModelService): void {
  const mine = state.tasks.filter((task) => task.service === service.id && task.stopAt === undefined);
  const made = mine.filter(({ createdAt }) => createdAt >= service.rollout.createdAt);
  const well = made.every(({ healthy }) => healthy);
  for (const task of mine) if (made.includes(task) !== well) task.stopAt = state.now + STOPS;
  service.rollout = { ...service.rollout, state: well ? 'done' : 'failed' };
  service.nextChurn = state.now + CHURN;
  if (well) return;
  service.revision = service.before;
  service.rollout = service.rolloutBefore; // by its old id, as ECS does
}

/** A host goes, and its task is started again. */
function churn(state: State, service: ModelService): void {
  service.nextChurn = state.now + CHURN;
  const old = state.tasks.find((task) => task.service === service.id && task.stopAt === undefined);
  if (!old) return;
  const task = startTask(state, service.revision, service.id, state.now);
  readValue(state, task);
  if (!works(state, task.read) && state.strategy !== 'single-user')
    state.violations.push(`a new task of ${service.id} does not work with what it reads`);
  task.healthy = works(state, task.read);
  old.stopAt = state.now;
  for (const alone of state.tasks.filter((one) => one.service === undefined)) {
    alone.stopAt = state.now;
    if (state.now < state.standaloneUntil) {
      const again = startTask(state, alone.revision, undefined, state.now);
      readValue(state, again);
      again.healthy = works(state, again.read);
    }
  }
}
