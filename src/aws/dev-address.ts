// A file of its own: the help of `dev` needs the port, and nothing of what reads credentials.

/** Where `agentstream dev` listens unless told otherwise, and so what `--local` means. */
export const DEV_DEFAULT_PORT = 4747;

export const DEV_REGION = 'us-east-1';
