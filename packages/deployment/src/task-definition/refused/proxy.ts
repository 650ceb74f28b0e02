import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { networkOf, objectIn, objectsIn, placedContainers, textOf } from './reading.ts';

const NEEDED = ['AppPorts', 'ProxyIngressPort', 'ProxyEgressPort'] as const;

/** The proxy of App Mesh. */
export function proxyMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const proxy = objectIn(document['proxyConfiguration']);
  if (!proxy) return [];
  const path = 'proxyConfiguration';
  const given = new Set(
    objectsIn(proxy['properties']).flatMap(({ name, value }) => (textOf(value) ? [textOf(name) ?? ''] : [])),
  );
  const names = placedContainers(document).map(({ name }) => name);
  return [
    ...(networkOf(document) === 'awsvpc' ? [] : [{ path, problem: 'needs networkMode awsvpc' }]),
    ...(names.includes(textOf(proxy['containerName']) ?? '')
      ? []
      : [{ path: `${path}.containerName`, problem: 'names a container that is not there' }]),
    ...NEEDED.filter((name) => !given.has(name)).map((name) => ({
      path: `${path}.properties`,
      problem: `lack ${name}`,
    })),
    ...(given.has('IgnoredUID') || given.has('IgnoredGID')
      ? []
      : [
          {
            path: `${path}.properties`,
            problem: 'lack IgnoredUID and IgnoredGID; the proxy needs one of them',
          },
        ]),
  ];
}
