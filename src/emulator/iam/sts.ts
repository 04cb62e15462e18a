import { unknownOperation } from '../kernel/aws-error.ts';
import type { Service } from '../kernel/service.ts';
import { sendQuery } from '../protocols/query.ts';
import type { Iam } from './service.ts';

/** API reference of STS, AssumeRole: the default of DurationSeconds. The emulator's keys do not expire. */
const DEFAULT_LIFE_SECONDS = 3_600;

/** AssumeRole and GetCallerIdentity of AWS STS: keys of a role whose trust policy names the caller, and who the caller is. */
export function createSts(iam: Iam): Service {
  return {
    protocol: 'query',
    async handle({ body, accessKeyId, requestId }, response) {
      const form = new URLSearchParams(body.toString('utf8'));
      const action = form.get('Action') ?? '';
      const call = { action, requestId, namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' };
      if (action === 'GetCallerIdentity') {
        const { arn, accountId } = iam.identityOf(accessKeyId);
        return sendQuery(response, call, { Arn: arn, UserId: accessKeyId, Account: accountId });
      }
      if (action !== 'AssumeRole') throw unknownOperation(400, `sts call ${action}`);
      const keys = iam.assumeRoleAs(accessKeyId, form.get('RoleArn') ?? '');
      const lifeMs = Number(form.get('DurationSeconds') ?? DEFAULT_LIFE_SECONDS) * 1_000;
      sendQuery(response, call, {
        AssumedRoleUser: {
          Arn: iam.identityOf(keys.accessKeyId).arn,
          AssumedRoleId: `AROAEMULATOR:${form.get('RoleSessionName')}`,
        },
        Credentials: {
          AccessKeyId: keys.accessKeyId,
          SecretAccessKey: keys.secretAccessKey,
          SessionToken: keys.sessionToken,
          Expiration: new Date(Date.now() + lifeMs),
        },
      });
    },
    close: async () => undefined,
  };
}
