import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

const AT_ONCE = 50; // the most names of one filter, and the most parameters of one page

/** Which of these parameters exist. DescribeParameters answers names and types, never values. */
export function parameterNames(config: ClientConfig) {
  const ssm = lazyClient(
    () => import('./ssm-sdk.ts'),
    (sdk) => sdk.SSMClient,
    config,
  );
  const some = async (names: readonly string[]): Promise<readonly string[]> => {
    const asked = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [...names] }] };
    const pages = ssm.pages((sdk, client) =>
      sdk.paginateDescribeParameters({ client, pageSize: AT_ONCE }, asked),
    );
    const found = await everyRow('ssm:DescribeParameters', pages, 'Parameters');
    return found.map(({ Name }) => required(Name, 'Parameters[].Name'));
  };
  return async (names: readonly string[]): Promise<readonly string[]> => {
    const parts = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, part) =>
      some(names.slice(part * AT_ONCE, (part + 1) * AT_ONCE)),
    );
    return (await Promise.all(parts)).flat();
  };
}
