import { createHash } from 'node:crypto';

const TRACE_ID = /^[\da-f]{32}$/;
const NO_ID = /^0+$/;
const ULID_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS_A_CHARACTER = 5n;

/** The 128 bits of a ULID in hex. */
function hexOfFlowId(flowId: string): string {
  let bits = 0n;
  for (const character of flowId) bits = (bits << BITS_A_CHARACTER) | BigInt(ULID_ALPHABET.indexOf(character));
  return bits.toString(16).padStart(32, '0');
}

/** The trace of a flow: the one that it was recorded in, else one of its own, which its id is. */
export function traceIdOf(flowId: string, traceId: string | null): string {
  const known = traceId?.toLowerCase() ?? '';
  return TRACE_ID.test(known) && !NO_ID.test(known) ? known : hexOfFlowId(flowId);
}

/** The span of a flow (null) or of one of its nodes: always the same, so that a flow that is sent again changes nothing. */
export function spanIdOf(flowId: string, nodeId: number | null): string {
  return createHash('sha256')
    .update(`${flowId}/${nodeId ?? ''}`)
    .digest('hex')
    .slice(0, 16);
}
