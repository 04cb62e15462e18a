import type { PolicyDocument } from './policy.ts';

/** A key of a user or a role that the emulator knows beside the account's owner: its signatures are checked. */
export interface Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Twelve digits; the emulator's own account by default. */
  readonly accountId?: string;
  /** `arn:aws:iam::{account}:user/{access key id}` by default. */
  readonly arn?: string;
  /** Its identity policy: it may do only what this allows. Without one it may do everything. */
  readonly policy?: PolicyDocument;
}

/** Who a call is made as. */
export interface Identity {
  /** Of the user, or of the session of an assumed role. */
  readonly arn: string;
  readonly accountId: string;
  /** Absent for one that may do everything. */
  readonly policies?: readonly PolicyDocument[];
  /** Bounds what the policies can allow (IAM user guide, "Permissions boundaries for IAM entities"). */
  readonly boundary?: PolicyDocument;
}
