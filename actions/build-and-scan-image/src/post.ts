import { githubRunner } from '@tenant-delivery/action-kit/github-runner';
import { removeLeftovers } from './leftovers.ts';

removeLeftovers(githubRunner().context.temp);
