import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why a rotation of keys of a VPN stops and waits for somebody, or does not begin. Each has a page in `docs/failures`. */
const REMEDIES = {
  ROTATION_VPN:
    'Compare what the message says with the connection in the contract, and put right whichever is wrong.',
  ROTATION_VPN_KEYS_READABLE:
    'Let Secrets Manager keep the keys of this connection (`PreSharedKeyStorage` of ModifyVpnTunnelOptions): until then everybody who may describe it reads them.',
  ROTATION_TUNNEL_DOWN:
    'Bring the tunnel up together with the customer before anything else is changed: the other one is all that is left.',
  ROTATION_TUNNEL_SILENT:
    'Let the customer install the key that the facts name at their device. When they cannot, run again with `resolve` naming its fingerprint: the key of before comes back.',
  ROTATION_TUNNEL_RETURNED:
    'Both sides look at once: AWS has the key of before again, and so must the device. When both tunnels are up, the customer acknowledges the new key once more, and the change is tried again.',
  ROTATION_TUNNEL_MAINTENANCE:
    'AWS wants to replace this tunnel. Agree a time with the customer, let it be replaced (ReplaceVpnTunnel), and run again.',
  ROTATION_INTERFERED:
    'Find out who changed this while the rotation was under way, and put it back to what the facts say was expected. Then run again.',
  ROTATION_ESCROW:
    'Create the secret of Secrets Manager that holds these keys, with an enabled key of KMS, or stop its deletion.',
  ROTATION_NO_WAY_BACK:
    'Put the keys that are installed now into escrow as AWSCURRENT: a JSON object with the outside address of each tunnel and its key. Without them run again with `bootstrap: yes`; then there is no way back from this change.',
  ROTATION_POLICY: 'Correct the policy of this credential.',
} as const;

export const { reason, hold } = withRemedies(REMEDIES);
