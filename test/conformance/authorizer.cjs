// Lets two tokens in, one of them by a name with a quote; for a third it neither allows nor denies, and it denies all others.
exports.handler = async (/** @type {any} */ { methodArn, headers }) => {
  const token = String(headers.Authorization ?? headers.authorization).replace('Bearer ', '');
  const effect = token === 'let-me-in' || token === 'quote-me' ? 'Allow' : 'Deny';
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn.replace(/\/.*/, '/*') };
  // A statement about another API: neither an Allow nor a Deny for this one.
  const elsewhere = { ...statement, Effect: 'Allow', Resource: methodArn.replace(/:[^:]+$/, ':0000000000/*') };
  return {
    principalId: token === 'quote-me' ? 'some"one' : 'someone',
    policyDocument: { Version: '2012-10-17', Statement: [token === 'say-nothing' ? elsewhere : statement] },
  };
};
