import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { objectIn, objectsIn, onFargate, onWindows, placedContainers, says, textOf } from './reading.ts';

/** "ContainerDefinition", Amazon ECS API Reference: "not supported for Windows containers". */
const OF_LINUX = [
  'links',
  'linuxParameters',
  'user',
  'disableNetworking',
  'privileged',
  'readonlyRootFilesystem',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'ulimits',
];

/** What one operating system has and the other one lacks. */
export function windowsMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const family = textOf(objectIn(document['runtimePlatform'])?.['operatingSystemFamily']);
  if (family === 'LINUX')
    return volumesWith(document, 'fsxWindowsFileServerVolumeConfiguration').map((path) => ({
      path,
      problem: 'is for Windows; use an EFS volume',
    }));
  if (!onWindows(document)) return [];
  const problem = 'is not there on Windows; take it out';
  const storage = onFargate(document) && says(document['ephemeralStorage']) ? ['ephemeralStorage'] : [];
  const members = placedContainers(document).flatMap(({ path, container }) =>
    OF_LINUX.filter((member) => says(container[member])).map((member) => `${path}.${member}`),
  );
  return [...members, ...volumesWith(document, 'efsVolumeConfiguration'), ...storage].map((path) => ({
    path,
    problem,
  }));
}

function volumesWith(document: TaskDefinitionDocument, source: string): readonly string[] {
  return objectsIn(document['volumes'])
    .filter((volume) => says(volume[source]))
    .map(({ name }) => `volumes.${textOf(name) ?? ''}.${source}`);
}
