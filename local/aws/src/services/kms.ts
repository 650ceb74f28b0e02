import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type {
  DescribeKeyCommandInput,
  DescribeKeyCommandOutput,
  GetKeyPolicyCommandInput,
  GetKeyPolicyCommandOutput,
  GetPublicKeyCommandInput,
  GetPublicKeyCommandOutput,
  SignCommandInput,
  SignCommandOutput,
} from '@aws-sdk/client-kms';
import { signDigest } from '../kms/ecdsa.ts';
import { findEncryptionKey } from '../kms/encryption-keys.ts';
import { findKey, type SigningKey } from '../kms/state.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { putEncryptionKey, setKeyState } from '../kms/encryption-keys.ts';
export { kmsOf, putSigningKey } from '../kms/state.ts';

const ALGORITHM = 'ECDSA_SHA_256';

/** KMS as far as signing on P-256. A key's policy alone decides who may sign with it. */
export const kms: Service = {
  name: 'kms',
  sdk: '@aws-sdk/client-kms',
  operations: {
    Sign: sign,
    GetPublicKey: getPublicKey,
    DescribeKey: describeKey,
    GetKeyPolicy: getKeyPolicy,
  },
};

function sign(input: SignCommandInput, call: Call): Output<SignCommandOutput> {
  const { KeyId = '', Message = new Uint8Array(), MessageType = 'RAW', SigningAlgorithm } = input;
  const key = signingKey(KeyId, call);
  if (SigningAlgorithm !== ALGORITHM)
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${SigningAlgorithm} is incompatible with key spec ECC_NIST_P256.`,
    );
  if (MessageType === 'DIGEST' && Message.length !== 32)
    throw new AwsError('ValidationException', `Digest is invalid length for algorithm ${ALGORITHM}.`);
  if (MessageType !== 'RAW' && MessageType !== 'DIGEST')
    throw new AwsError(
      'ValidationException',
      `MessageType ${MessageType} is not supported for ${ALGORITHM}.`,
    );
  const digest = MessageType === 'DIGEST' ? Message : createHash('sha256').update(Message).digest();
  return {
    KeyId: key.arn,
    Signature: signDigest(digest, createPrivateKey(key.privateKey)),
    SigningAlgorithm: ALGORITHM,
  };
}

function getPublicKey(
  { KeyId = '' }: GetPublicKeyCommandInput,
  call: Call,
): Output<GetPublicKeyCommandOutput> {
  if (findEncryptionKey(call.world, call.account, call.region, KeyId))
    throw new AwsError('UnsupportedOperationException', 'Unsupported operation for a symmetric key.');
  const key = usable(findKey(call.world, call.account, call.region, KeyId));
  return {
    KeyId: key.arn,
    PublicKey: createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' }),
    KeySpec: 'ECC_NIST_P256',
    CustomerMasterKeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [ALGORITHM],
  };
}

/** A key that can sign: one that encrypts cannot ("Sign", AWS KMS API reference). */
function signingKey(keyId: string, { world, account, region }: Call): SigningKey {
  const encrypting = findEncryptionKey(world, account, region, keyId);
  if (encrypting)
    throw new AwsError(
      'InvalidKeyUsageException',
      `${encrypting.arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    );
  return usable(findKey(world, account, region, keyId));
}

/** "Key states of AWS KMS keys": what is turned off neither signs nor shows its public half. */
function usable(key: SigningKey): SigningKey {
  const { state = 'Enabled', arn } = key;
  if (state === 'Disabled') throw new AwsError('DisabledException', `${arn} is disabled.`);
  if (state === 'PendingDeletion')
    throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
  return key;
}

/** By id or ARN: unlike other operations it takes no alias ("GetKeyPolicy", AWS KMS API reference). */
function getKeyPolicy(
  { KeyId = '', PolicyName = 'default' }: GetKeyPolicyCommandInput,
  call: Call,
): Output<GetKeyPolicyCommandOutput> {
  if (/(^|:)alias\//.test(KeyId)) throw new AwsError('InvalidArnException', `Invalid keyId '${KeyId}'`);
  if (PolicyName !== 'default') throw new AwsError('NotFoundException', 'No such policy exists');
  const { policy } = findKey(call.world, call.account, call.region, KeyId);
  return { Policy: JSON.stringify(policy), PolicyName };
}

function describeKey({ KeyId = '' }: DescribeKeyCommandInput, call: Call): Output<DescribeKeyCommandOutput> {
  const encrypting = findEncryptionKey(call.world, call.account, call.region, KeyId);
  if (encrypting)
    return {
      KeyMetadata: {
        AWSAccountId: call.account,
        KeyId: encrypting.id,
        Arn: encrypting.arn,
        CreationDate: new Date(encrypting.created),
        Enabled: encrypting.state === 'Enabled',
        Description: '',
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeyState: encrypting.state,
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        MultiRegion: false,
      },
    };
  const key = findKey(call.world, call.account, call.region, KeyId);
  return {
    KeyMetadata: {
      AWSAccountId: key.account,
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: new Date(key.created),
      Enabled: (key.state ?? 'Enabled') === 'Enabled',
      Description: key.description,
      KeyUsage: 'SIGN_VERIFY',
      KeyState: key.state ?? 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      KeySpec: 'ECC_NIST_P256',
      CustomerMasterKeySpec: 'ECC_NIST_P256',
      SigningAlgorithms: [ALGORITHM],
      MultiRegion: false,
    },
  };
}
