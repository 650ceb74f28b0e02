import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

/** IAM is global in its partition. The SDK knows which region to ask. */
export const iamClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./iam-sdk.ts'),
    (sdk) => sdk.IAMClient,
    config,
  );

export type IamClient = ReturnType<typeof iamClient>;

interface IamPage {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** `everyRow` for IAM. A page that says `IsTruncated` but names no marker is a failure, not the last page. */
export function everyIamRow<Page extends IamPage, List extends keyof Page & string>(
  action: string,
  pages: AsyncIterable<Page>,
  list: List,
) {
  return everyRow(action, marked(pages), list);
}

/** Pages as IAM sends them: one that says that there are more names where they begin. */
export async function* marked<Page extends IamPage>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (page.IsTruncated) required(page.Marker, 'Marker');
    yield page;
  }
}
