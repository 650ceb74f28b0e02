import type { Template } from '../stacks/template.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { LIMITS, type Limited } from './limits.ts';
import { type Asked, judged, ok, type Verdict, wrong } from './line.ts';
import type { Sight, Used } from './ports.ts';
import { type LookedStack, toBeMade } from './stack-lines.ts';

/** From this part of a quota on, somebody should ask for more: AWS may take days to grant it. */
const NEAR = 0.9;

const IDS = Object.keys(LIMITS) as Limited[]; // its own keys

/** How much room AWS's quotas leave for what is there and for the stacks that are still to be made. */
export function quotaLines(
  place: AgreedEnvironment,
  { account }: Sight,
  stacks: readonly LookedStack[],
): readonly Asked[] {
  const { cluster, loadBalancer, region } = place.environment;
  const planned = toBeMade(stacks).then((templates) => templates.filter((each) => each.region === region));
  return IDS.map((id) => {
    const { of, per, service, code } = LIMITS[id];
    const where = per === 'region' ? region : `one ${per}`;
    const asked = Promise.all([
      account.used(id, { cluster, loadBalancer: loadBalancer.name }),
      account.quota(service, code),
      planned,
    ]);
    return {
      id: `quota/${id}`,
      about: `quota of ${of} in ${where}`,
      verdict: judged(asked, ([used, most, templates]) =>
        judge(
          id,
          { used, most, made: countIn(templates, id, { cluster, 'load balancer': loadBalancer.name }) },
          region,
        ),
      ),
    };
  });
}

interface Room {
  readonly used: Used;
  readonly most: number;
  /** What stacks will make that are not there yet. */
  readonly made: Used;
}

/** The fullest place says it: the next thing fails there first. */
function judge(id: Limited, { used, most, made }: Room, region: string): Verdict {
  const { of, per, service, code } = LIMITS[id];
  const places = [...new Set([...Object.keys(used), ...Object.keys(made)])].map((name) => ({
    name,
    there: used[name] ?? 0,
    more: made[name] ?? 0,
  }));
  const [fullest] = places.toSorted((a, b) => b.there + b.more - (a.there + a.more));
  if (fullest === undefined) return ok(`none of ${most} ${of}`);
  const { name, there, more } = fullest;
  const said = `${there} of ${most} ${of}${per === 'region' ? '' : ` in ${name}`}`;
  const needs = more > 0 ? `, and ${more} more are to be made` : '';
  const ask = `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${Math.max(2 * most, there + more)}`;
  return there + more >= most * NEAR ? wrong(`${said}${needs}`, ask) : ok(`${said}${needs}`);
}

/** What templates make of one kind, by the place where AWS counts it. Rules of groups that are not there yet are left to `contract lint`. */
function countIn(
  templates: readonly Pick<Template, 'Resources'>[],
  id: Limited,
  names: { readonly cluster: string; readonly 'load balancer': string },
): Used {
  const { type, per } = LIMITS[id];
  if (per === 'security group') return {};
  const counted: Record<string, number> = {};
  for (const { Resources } of templates)
    for (const { Properties } of Object.values(Resources).filter(({ Type }) => Type === type)) {
      const name = per === 'zone' ? zoneOf(Resources, Properties) : per === 'region' ? '' : names[per];
      counted[name] = (counted[name] ?? 0) + 1;
    }
  return counted;
}

/** The zone of what is in a subnet of the same template. */
function zoneOf(resources: Template['Resources'], properties: object | undefined): string {
  const subnet: unknown = Reflect.get(Object(Reflect.get(Object(properties), 'SubnetId')), 'Ref');
  const zone = resources[String(subnet)]?.Properties?.['AvailabilityZoneId'];
  if (typeof zone !== 'string') throw new TypeError(`no subnet says in which zone ${String(subnet)} is`);
  return zone;
}
