import { describeMistake } from '@tenant-delivery/action-kit/document';
import type { Reading } from '@tenant-delivery/action-kit/workspace';
import type { Admission } from '@tenant-delivery/delivery';
import {
  type ResolvedService,
  resolveService,
  ServiceManifest,
  failures as tenancyFailures,
} from '@tenant-delivery/tenancy';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { failures } from './failures.ts';

/** The manifest at a path, or one failure that lists all its mistakes. */
export function readManifest(path: string, reading: Reading): ServiceManifest {
  if (reading.kind === 'none') throw failures.manifestNotFound(path, reading.why);
  const read = readYaml(reading.text, ServiceManifest);
  if ('mistakes' in read) throw tenancyFailures.manifestInvalid(path, read.mistakes);
  return read.document;
}

/** What the manifest comes to under the contract, or one failure that lists everything beyond it. */
export function resolve(path: string, manifest: ServiceManifest, admission: Admission): ResolvedService {
  const { target, environment, service } = admission;
  const joined = resolveService(target, environment, service, manifest);
  if ('breaches' in joined)
    throw tenancyFailures.manifestOutsideContract(path, joined.breaches.map(describeMistake));
  return joined.resolved;
}
