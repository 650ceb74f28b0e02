// Loaded into a task's process before its program: the names of its VPC's balancers lead to where they listen on this
// machine, and names of other balancers do not exist.
import { Socket } from 'node:net';

const names = JSON.parse(process.env['LOCAL_AWS_NAMES'] ?? '{}');
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  const [first] = args;
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options?.host === 'string' && options.host.endsWith('.elb.amazonaws.com')) {
    const port = names[`${options.host}:${options.port}`];
    if (port === undefined) options.lookup = unknown;
    else Object.assign(options, { host: '127.0.0.1', port });
  }
  return connect.apply(this, args);
};

function unknown(host, _options, answer) {
  answer(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host }));
}
