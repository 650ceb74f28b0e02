import type { Json } from '@tenant-delivery/domain';
import type { clientConfig } from './client-config.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

const SSM = { name: 'ssm', variable: 'SSM', target: 'AmazonSSM', version: '1.1' } as const;

const AT_ONCE = 50; // the most names of one filter, and the most parameters of one page

/** Which of these parameters exist. DescribeParameters answers names and types, never values. */
export function parameterNames(config: ReturnType<typeof clientConfig>) {
  const call = jsonCaller(SSM, config);
  const some = async (names: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let token: Json | undefined; ; ) {
      const sent = call('DescribeParameters', {
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [...names] }],
        MaxResults: AT_ONCE,
        ...(token !== undefined && { NextToken: token }),
      });
      const answer = await translated('ssm:DescribeParameters', sent);
      const parameters = answer['Parameters'];
      for (const parameter of required(Array.isArray(parameters) ? parameters : undefined, 'Parameters')) {
        found.push(required(nameOf(parameter), 'Parameters[].Name'));
      }
      token = answer['NextToken'];
      if (!token) return found;
    }
  };
  return async (names: readonly string[]): Promise<readonly string[]> => {
    const pages = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) =>
      some(names.slice(page * AT_ONCE, (page + 1) * AT_ONCE)),
    );
    return (await Promise.all(pages)).flat();
  };
}

function nameOf(parameter: Json): string | undefined {
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) return undefined;
  const name = (parameter as { readonly [member: string]: Json })['Name']; // no array, so an object
  return typeof name === 'string' ? name : undefined;
}
