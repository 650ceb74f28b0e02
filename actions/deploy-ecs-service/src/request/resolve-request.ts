import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { parseTaskDefinitionFile } from '@tenant-delivery/deployment/task-definition/file';
import { partitionOf } from '@tenant-delivery/domain';
import { failures } from '../failures.ts';
import { said } from '../plan/deployment.ts';
import type { ServiceRequest } from './service-request.ts';

/** The request that the inputs make for a service: with the content of the file, and with the ARN of the revision. */
export async function requestOf(
  { workspace }: { readonly workspace: Workspace },
  { target }: ServiceRef,
  { source, request }: ServiceRequest,
): Promise<DeployRequest> {
  switch (source.kind) {
    case 'running':
      return { ...request, source };
    case 'revision': {
      const { account, region } = target;
      const family = `arn:${partitionOf(region)}:ecs:${region}:${account}:task-definition/`;
      const arn = source.name.startsWith('arn:') ? source.name : `${family}${source.name}`;
      return { ...request, source: { kind: 'revision', arn } };
    }
    case 'file': {
      const { path } = source;
      const file = await workspace.read(path);
      if (file.kind === 'none') throw failures.requestInvalid([`task-definition: ${path} ${file.why}`]);
      const parsed = parseTaskDefinitionFile(path, file.text, request.allowUnknown);
      if ('mistakes' in parsed) {
        const inFile = parsed.mistakes.map((mistake) => ({
          ...mistake,
          path: mistake.path === '' ? 'source.document' : `source.document.${mistake.path}`,
        }));
        throw failures.requestInvalid(said(inFile));
      }
      return { ...request, source: { kind: 'document', file: path, document: parsed.document } };
    }
  }
}
