import type { DescribeImageScanFindingsCommand } from '@aws-sdk/client-ecr';
import type { PageRows } from '@tenant-delivery/findings';
import { rowSplitter } from './rows-in-json.ts';

type Row = Record<string, unknown>;
/** The last of the ways to add a middleware is the one for answers. */
type Handler = Parameters<Parameters<DescribeImageScanFindingsCommand['middlewareStack']['add']>[0]>[0];
interface Answered {
  readonly response: { readonly statusCode: number; readonly body: AsyncIterable<Uint8Array> };
}

/**
 * Takes the rows out of an answer while it comes, and leaves the SDK the rest of it. A page is 2.3 MB of text, which the
 * SDK would hold three times: as text, parsed, and copied into its shapes. `begin` is called for each try, since one that
 * broke off is sent again; what the last one gave is the page's.
 */
export function takeRows(command: DescribeImageScanFindingsCommand, begin: () => PageRows): void {
  command.middlewareStack.addRelativeTo(
    (next: Handler) => async (given: Parameters<Handler>[0]) => {
      const result = await next(given);
      const { response } = result as Answered; // of Node's own request handler
      if (response.statusCode >= 300) return result;
      const rows = begin();
      const splitter = rowSplitter('imageScanFindings', ['findings', 'enhancedFindings'], (list, text) => {
        const row = JSON.parse(text) as Row; // an object: its text begins with a brace
        if (list === 'findings') rows.basic(row);
        else rows.enhanced(withTimes(row));
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body) splitter.add(decoder.decode(chunk, { stream: true }));
      splitter.add(decoder.decode());
      Object.assign(response, { body: Buffer.from(splitter.rest()) });
      return result;
    },
    { relation: 'after', toMiddleware: 'deserializerMiddleware', name: 'takeRows' },
  );
}

/** Of the times of a row those that are read; in an answer they are seconds since the epoch. */
function withTimes(row: Row): Row {
  row['firstObservedAt'] = timeOf(row['firstObservedAt']);
  const details = row['packageVulnerabilityDetails'];
  if (typeof details === 'object' && details !== null) {
    const said: Row = details as Row; // parsed JSON
    said['vendorCreatedAt'] = timeOf(said['vendorCreatedAt']);
  }
  return row;
}

function timeOf(said: unknown): Date | undefined {
  return typeof said === 'number' ? new Date(said * 1000) : undefined;
}
