import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

/**
 * The value of a quota by its service and code. Each service's list is asked for once. A quota without an applied value is in no
 * list ("ListServiceQuotas"): it has AWS's default value then, which is asked for by itself.
 */
export function quotaValues(config: ClientConfig) {
  const client = lazyClient(
    () => import('./quotas-sdk.ts'),
    (sdk) => sdk.ServiceQuotasClient,
    config,
  );
  const lists = new Map<string, Promise<ReadonlyMap<string, number>>>();
  const listed = async (ServiceCode: string) => {
    const pages = client.pages((sdk, open) =>
      sdk.paginateListServiceQuotas({ client: open, pageSize: 100 }, { ServiceCode }),
    );
    const rows = await everyRow('servicequotas:ListServiceQuotas', pages, 'Quotas');
    return new Map(
      rows.map(({ QuotaCode, Value }) => [
        required(QuotaCode, 'Quotas[].QuotaCode'),
        required(Value, 'Quotas[].Value'),
      ]),
    );
  };
  return async (ServiceCode: string, QuotaCode: string): Promise<number> => {
    const list = lists.get(ServiceCode) ?? listed(ServiceCode);
    lists.set(ServiceCode, list);
    const applied = (await list).get(QuotaCode);
    if (applied !== undefined) return applied;
    const sent = client.send((sdk) => new sdk.GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
    const { Quota } = await translated('servicequotas:GetAWSDefaultServiceQuota', sent);
    return required(Quota?.Value, 'Quota.Value');
  };
}
