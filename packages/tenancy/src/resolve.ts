import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Target } from '@tenant-delivery/domain';
import { EffectiveLimits, EffectiveRules } from '@tenant-delivery/findings/effective-policy';
import { meetPolicies } from '@tenant-delivery/findings/meet-policies';
import * as v from 'valibot';
import type { EnvironmentContract, ServiceAgreement } from './contract.ts';
import type { ServiceManifest } from './manifest.ts';
import { UNNAMED_PROBE } from './probe-wish.ts';

const origin = v.picklist(['floor', 'manifest', 'contract', 'default']);
const resolved = <Value extends v.GenericSchema>(value: Value) => v.strictObject({ value, from: origin });
const number = v.pipe(v.number(), v.integer());

/** One service's configuration as it will be used: floor ⊓ manifest, every value with its origin. */
export const ResolvedService = v.strictObject({
  schemaVersion: v.literal(1),
  tenant: v.string(),
  environment: v.string(),
  service: v.string(),
  layer: resolved(v.string()),
  container: v.strictObject({
    name: resolved(v.string()),
    port: resolved(number),
    cpu: v.optional(resolved(number)),
    memory: v.optional(resolved(number)),
  }),
  health: v.strictObject({ path: resolved(v.string()), graceSeconds: v.optional(resolved(number)) }),
  /** The agreed range of tasks, and the service's own range inside it. */
  capacity: v.strictObject({ base: resolved(number), maximum: resolved(number) }),
  scaling: v.strictObject({ min: resolved(number), max: resolved(number) }),
  scan: EffectiveLimits,
  /** What the scan policy says besides limits, where it says more. */
  scanRules: v.optional(EffectiveRules),
  verdictHours: resolved(number),
  /** Alarms of the contract and of the manifest, each once. */
  alarms: v.optional(v.array(resolved(v.string()))),
  slo: v.optional(
    v.strictObject({
      errorPercent: v.optional(resolved(v.number())),
      p95Milliseconds: v.optional(resolved(number)),
    }),
  ),
  bake: v.optional(v.strictObject({ minutes: resolved(number), samples: resolved(number) })),
  /** Asked through the balancer before a delivery is verified. */
  probe: v.optional(
    v.strictObject({ path: resolved(v.string()), status: resolved(v.string()), seconds: resolved(number) }),
  ),
});
export type ResolvedService = v.InferOutput<typeof ResolvedService>;

/** Joins a manifest to the contract, or names every wish that the contract does not allow. */
export function resolveService(
  target: Target,
  environment: EnvironmentContract,
  agreement: ServiceAgreement,
  manifest: ServiceManifest,
): { readonly resolved: ResolvedService } | { readonly breaches: readonly Mistake[] } {
  const scan = meetPolicies(environment.scanFloor, manifest.scan);
  const breaches = [...judgeManifest(target, environment, agreement, manifest), ...scan.breaches];
  if (breaches.length > 0) return { breaches };
  const { container, health, scaling } = manifest;
  const { base, maximum } = agreement.capacity;
  return {
    resolved: {
      schemaVersion: 1,
      tenant: target.tenant,
      environment: target.environment,
      service: target.service,
      layer: { value: agreement.layer, from: 'contract' },
      container: {
        name: { value: container.name, from: 'manifest' },
        port: { value: container.port, from: 'manifest' },
        ...(container.cpu !== undefined && { cpu: { value: container.cpu, from: 'manifest' } }),
        ...(container.memory !== undefined && { memory: { value: container.memory, from: 'manifest' } }),
      },
      health: {
        path: { value: health.path, from: 'manifest' },
        ...(health.graceSeconds !== undefined && {
          graceSeconds: { value: health.graceSeconds, from: 'manifest' },
        }),
      },
      capacity: { base: { value: base, from: 'contract' }, maximum: { value: maximum, from: 'contract' } },
      scaling: scaling
        ? { min: { value: scaling.min, from: 'manifest' }, max: { value: scaling.max, from: 'manifest' } }
        : { min: { value: base, from: 'contract' }, max: { value: maximum, from: 'contract' } },
      scan: scan.policy.limits,
      ...(scan.policy.rules && { scanRules: scan.policy.rules }),
      verdictHours: { value: environment.verdictHours, from: 'contract' },
      ...watched(agreement, manifest),
      ...(manifest.probe && { probe: probed(manifest.probe) }),
    },
  };
}

const SAMPLES = 3; // if the manifest of a bake names no number

/** What is watched while a delivery bakes: the contract's alarms and the manifest's wishes. */
function watched(
  agreement: ServiceAgreement,
  { alarms = [], slo, bake }: ServiceManifest,
): Pick<ResolvedService, 'alarms' | 'slo' | 'bake'> {
  const agreed = agreement.alarms ?? [];
  const names = [
    ...agreed.map((value) => ({ value, from: 'contract' as const })),
    ...alarms.filter((name) => !agreed.includes(name)).map((value) => ({ value, from: 'manifest' as const })),
  ];
  return {
    ...(names.length > 0 && { alarms: names }),
    ...(slo && {
      slo: {
        ...(slo.errorPercent !== undefined && {
          errorPercent: { value: slo.errorPercent, from: 'manifest' as const },
        }),
        ...(slo.p95Milliseconds !== undefined && {
          p95Milliseconds: { value: slo.p95Milliseconds, from: 'manifest' as const },
        }),
      },
    }),
    ...(bake && {
      bake: {
        minutes: { value: bake.minutes, from: 'manifest' as const },
        samples: {
          value: bake.samples ?? SAMPLES,
          from: bake.samples === undefined ? ('default' as const) : ('manifest' as const),
        },
      },
    }),
  };
}

function probed({ path, status, seconds }: NonNullable<ServiceManifest['probe']>) {
  const or = <T>(wish: T | undefined, usual: T) =>
    wish === undefined
      ? { value: usual, from: 'default' as const }
      : { value: wish, from: 'manifest' as const };
  return {
    path: { value: path, from: 'manifest' as const },
    status: or<string>(status, UNNAMED_PROBE.status),
    seconds: or<number>(seconds, UNNAMED_PROBE.seconds),
  };
}

function judgeManifest(
  target: Target,
  environment: EnvironmentContract,
  agreement: ServiceAgreement,
  manifest: ServiceManifest,
): readonly Mistake[] {
  const breaches: Mistake[] = [];
  const breach = (path: string, problem: string) => breaches.push({ path, problem });
  if (manifest.tenant !== target.tenant) {
    breach('tenant', `is ${manifest.tenant}, but the workflow names ${target.tenant}`);
  }
  if (manifest.name !== target.service) {
    breach('name', `is ${manifest.name}, but the workflow names ${target.service}`);
  }
  if (manifest.layer !== agreement.layer) {
    breach('layer', `is ${manifest.layer}; the contract places ${target.service} in ${agreement.layer}`);
  }
  const { container } = agreement;
  if (container !== undefined && manifest.container.name !== container) {
    breach(
      'container.name',
      `is ${manifest.container.name}; the contract puts the image of ${target.service} into ${container}`,
    );
  }
  if (manifest.probe && !environment.probe) {
    breach('probe', 'is wanted, but the contract names no image for probes (its member probe)');
  }
  const open = environment.layerEdges
    .filter((edge) => edge.to === agreement.layer)
    .flatMap((edge) => edge.ports);
  if (!open.some((ports) => covers(ports, manifest.container.port))) {
    const allowed = open.length > 0 ? open.join(', ') : 'none';
    breach('container.port', `is ${manifest.container.port}; ports open into ${agreement.layer}: ${allowed}`);
  }
  const { base, maximum } = agreement.capacity;
  if (manifest.scaling) {
    const { min, max } = manifest.scaling;
    if (min < base) breach('scaling.min', `is ${min}; the agreed base is ${base}`);
    if (max > maximum) breach('scaling.max', `is ${max}; the agreed maximum is ${maximum}`);
    if (min > max) breach('scaling.min', `is ${min}, more than scaling.max (${max})`);
  }
  return breaches;
}

function covers(ports: string, port: number): boolean {
  const [low = 0, high = low] = ports.split('-').map(Number);
  return port >= low && port <= high;
}
