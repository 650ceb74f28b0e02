import type { TaskDefinition } from '@tenant-delivery/deployment/observed';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { containerSizes } from '@tenant-delivery/deployment/task-definition/container-sizes';
import { formatImage, type Image, type Json } from '@tenant-delivery/domain';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';

/**
 * What a delivery asks of ECS in all: the customer's request, with the image that the change is about and the sizes of
 * the manifest, which the contract was held against. A revision that is deployed as it is stays as it is.
 */
export function deliveryRequest(
  request: DeployRequest,
  { container }: Pick<ResolvedService, 'container'>,
  image: Image,
  current: TaskDefinition,
): DeployRequest {
  if (request.source.kind === 'revision') return request;
  const base = request.source.kind === 'document' ? request.source.document : current.document;
  const name = container.name.value;
  const wish = { cpu: container.cpu?.value, memory: container.memory?.value };
  return {
    ...request,
    images: { ...request.images, [name]: formatImage(image) },
    patch: joined(request.patch, containerSizes(base, name, wish)),
  };
}

/** Both patches; where they say the same member, the second. */
function joined(first: Patch, second: Patch): Patch {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(
    names.map((name): [string, Json] => {
      const [left, right] = [first[name], second[name]];
      if (isPatch(left) && isPatch(right)) return [name, joined(left, right)];
      return [name, right ?? left ?? null];
    }),
  );
}

type Patch = { readonly [member: string]: Json };

function isPatch(value: Json | undefined): value is Patch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
