import { makeVpc } from '../ec2/vpcs.ts';
import { zoneName } from '../ec2/zones.ts';
import { ec2Of, type Subnet } from '../services/ec2.ts';
import type { World } from '../world/world.ts';
import { type Place, tagsOf } from './place.ts';

/** VPC, subnets (one /24 each, spread over the zones in order) and security groups of an environment. */
export function seedNetwork(world: World, place: Place): void {
  const { contract, environment, account, region } = place;
  const { vpcs, subnets, securityGroups } = ec2Of(world, account, region);
  const { vpc, zones, layers } = environment;
  const tags = (layer: string) => ({ ...tagsOf(place), layer });
  vpcs[vpc.id] ??= makeVpc({ world, account, region }, { id: vpc.id, cidr: vpc.cidr, tags: tagsOf(place) });
  let index = 0;
  for (const [layer, { subnets: ids, securityGroups: groups }] of Object.entries(layers)) {
    ids.forEach((id, i) => {
      const zoneId = zones[i % zones.length] ?? `${region}-az1`;
      const subnet: Subnet = {
        id,
        vpc: vpc.id,
        cidr: nth(vpc.cidr, index),
        zone: zoneName(region, zoneId),
        zoneId,
        heldByOthers: 0,
        tags: tags(layer),
      };
      subnets[id] = subnet;
      index += 1;
    });
    for (const id of groups)
      securityGroups[id] = { id, vpc: vpc.id, name: `${contract.id}-${layer}`, tags: tags(layer) };
  }
  world.touched();
}

/** The n-th /24 of a VPC whose range ends on a byte's border. */
function nth(cidr: string, index: number): string {
  const [a = '10', b = '0', c = '0'] = cidr.split('.');
  return `${a}.${b}.${Number(c) + index}.0/24`;
}
