import { objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const SSM = { name: 'ssm', variable: 'SSM', target: 'AmazonSSM', version: '1.1' } as const;

const AT_ONCE = 50; // the most names of one filter, and the most parameters of one page

/** Which of these parameters exist. DescribeParameters answers names and types, never values. */
export function parameterNames(config: ReturnType<typeof clientConfig>) {
  const call = jsonCaller(SSM, config);
  const some = async (names: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let token: string | undefined; ; ) {
      const sent = call('DescribeParameters', {
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [...names] }],
        MaxResults: AT_ONCE,
        ...(token && { NextToken: token }),
      });
      const answer = await translated('ssm:DescribeParameters', sent);
      const parameters = required(objectsIn(answer, 'Parameters'), 'Parameters');
      found.push(...parameters.map((each) => required(textIn(each, 'Name'), 'Parameters[].Name')));
      token = textIn(answer, 'NextToken');
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
