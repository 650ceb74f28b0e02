import type { ScanMode } from '@tenant-delivery/findings/ports';
import { required, translated } from '../errors/translate.ts';
import type { Ecr } from './ecr-client.ts';

const TYPES = new Map<string, ScanMode['type']>([
  ['BASIC', 'basic'],
  ['ENHANCED', 'enhanced'],
]);

/** How the registry inspects the images of a repository, and when. */
export async function scanMode(ecr: Ecr, repositoryName: string): Promise<ScanMode> {
  const asked = { repositoryNames: [repositoryName] };
  const [registry, repositories] = await Promise.all([
    translated(
      'ecr:GetRegistryScanningConfiguration',
      ecr.send((sdk) => new sdk.GetRegistryScanningConfigurationCommand({})),
    ),
    translated(
      'ecr:BatchGetRepositoryScanningConfiguration',
      ecr.send((sdk) => new sdk.BatchGetRepositoryScanningConfigurationCommand(asked)),
    ),
  ]);
  const configuration = required(registry.scanningConfiguration, 'scanningConfiguration');
  const word = required(configuration.scanType, 'scanningConfiguration.scanType');
  const type = required(TYPES.get(word), `a scanType that we know (it says ${word})`);
  const own = required(repositories.scanningConfigurations?.[0], 'scanningConfigurations[0]');
  const frequency = required(own.scanFrequency, 'scanningConfigurations[0].scanFrequency');
  return { type, frequency };
}

/** The scanner behind basic scanning. Only a warning depends on it, so a role that may not ask goes on without. */
export function scannerOf(ecr: Ecr): Promise<string | undefined> {
  const asked = { name: 'BASIC_SCAN_TYPE_VERSION' as const };
  return ecr
    .send((sdk) => new sdk.GetAccountSettingCommand(asked))
    .then(
      ({ value }) => value,
      () => undefined,
    );
}
