/** Version of the wire contract. A server says it in `hello`; a client refuses a major it does not know. */
export const PROTOCOL_VERSION = 1;
