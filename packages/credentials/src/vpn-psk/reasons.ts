import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why a rotation of keys of a VPN stops and waits for somebody, or does not begin. Each has a page in `docs/failures`. */
const REMEDIES = {
  ROTATION_VPN:
    'Compare what the message says with the connection in the contract, and correct the one that is wrong.',
  ROTATION_VPN_KEYS_READABLE:
    'Let Secrets Manager keep the keys of this connection (`PreSharedKeyStorage` of ModifyVpnTunnelOptions). Until then everybody who may describe it can read them.',
  ROTATION_TUNNEL_DOWN:
    'Bring the tunnel up together with the customer before anything else is changed: the other one is all that is left.',
  ROTATION_TUNNEL_SILENT:
    'Have the customer install the key in the facts on their device. If they cannot, run again with `resolve` and its fingerprint: the tunnel gets its previous key back.',
  ROTATION_TUNNEL_RETURNED:
    'Both sides must look at once: AWS has the previous key again, and so must the device. Once both tunnels are up, the customer acknowledges the new key again, and the change is tried again.',
  ROTATION_TUNNEL_MAINTENANCE:
    'AWS wants to replace this tunnel. Agree on a time with the customer, let it be replaced (ReplaceVpnTunnel), and run again.',
  ROTATION_INTERFERED:
    'Find out who changed this during the rotation, and restore what the facts say was expected. Then run again.',
  ROTATION_ESCROW:
    'Create the secret in Secrets Manager for these keys, with an enabled KMS key, or cancel its deletion.',
  ROTATION_NO_WAY_BACK:
    'Put the installed keys into escrow as AWSCURRENT: a JSON object with the outside address of each tunnel and its key. Without them, run again with `bootstrap: yes`; this change then has no way back.',
  ROTATION_POLICY: 'Correct the policy of this credential.',
} as const;

export const { reason, hold } = withRemedies(REMEDIES);
