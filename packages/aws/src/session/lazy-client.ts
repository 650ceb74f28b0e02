import type { GetOutputType, Pluggable } from '@smithy/types';
import type { ClientConfig } from './client-config.ts';
import { unreadableAnswers } from './unreadable-answers.ts';

/** The part of an SDK client that every service's client has. */
interface SdkClient {
  // biome-ignore lint/suspicious/noExplicitAny: each client takes the commands of its own service, and no other
  send(command: any): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly middlewareStack: { use(plugin: Pluggable<any, any>): void; remove(name: string): boolean };
}

/** A client of the AWS SDK that loads when it first sends, so that a job loads only the clients it uses. */
export interface LazyClient<Sdk, Client> {
  /** Sends the command that `make` makes: `iam.send((sdk) => new sdk.GetRoleCommand({ RoleName }))`. */
  send<Command>(make: (sdk: Sdk) => Command): Promise<GetOutputType<Command>>;
  /** Every page of a list, by a paginator of the SDK. */
  pages<Page>(paginate: (sdk: Sdk, client: Client) => AsyncIterable<Page>): AsyncGenerator<Page>;
}

/**
 * `load` imports the service's `*-sdk.ts`, which names what we use of the client and becomes one file of `dist/`;
 * `classOf` names the client in it.
 */
export function lazyClient<Sdk, Config extends ClientConfig, Client extends SdkClient>(
  load: () => Promise<Sdk>,
  classOf: (sdk: Sdk) => new (config: Config) => Client,
  config: Config,
): LazyClient<Sdk, Client> {
  let opened: Promise<{ readonly sdk: Sdk; readonly client: Client }> | undefined;
  const open = async () => {
    const sdk = await load();
    const client = new (classOf(sdk))(config);
    client.middlewareStack.remove('loggerMiddleware'); // copies every answer for a log that nobody keeps
    for (const plugin of [unreadableAnswers, ...(config.plugins ?? [])]) client.middlewareStack.use(plugin);
    return { sdk, client };
  };
  const opening = () => {
    opened ??= open();
    return opened;
  };
  return {
    send: async (make) => {
      const { sdk, client } = await opening();
      const command = make(sdk);
      return (await client.send(command)) as GetOutputType<typeof command>; // the SDK's own type for this command
    },
    pages: async function* (paginate) {
      const { sdk, client } = await opening();
      yield* paginate(sdk, client);
    },
  };
}
