import { scramVerifier } from './scram-verifier.mjs';
import { SetupError } from './setup-error.mjs';

/** Alerts take milliseconds; what takes seconds is a mistake in somebody's panel. */
const LIMITS = {
  default_transaction_read_only: 'on',
  statement_timeout: '5s',
  lock_timeout: '1s',
  idle_in_transaction_session_timeout: '10s',
  // Compiling a query takes longer than any of the alerts'.
  jit: 'off',
};
const MAX_CONNECTIONS = 20;

const HINTS = /** @type {Record<string, string>} */ ({
  28: 'DATABASE_URL has the wrong user or password.',
  '3D': 'DATABASE_URL names a database that is not there.',
  42: 'DATABASE_URL needs a role that owns the schema flow, or is a member of its owner, and may create roles (CREATEROLE).',
});

/** @param {unknown} error @returns {SetupError} */
function explain(error) {
  if (error instanceof SetupError) return error;
  const { code = '', message } = /** @type {{ code?: string, message: string }} */ (error);
  const hint = HINTS[code.slice(0, 2)];
  return new SetupError(`${message || code} (${code || 'no code'}).${hint === undefined ? '' : `\n  ${hint}`}`);
}

/**
 * Creates the role that only reads history, or brings it up to date, in one transaction.
 *
 * @param {import('./reader-settings.mjs').ReaderSettings} settings
 * @returns {Promise<string>} what was done
 */
export async function provideReader({ databaseUrl, role, password }) {
  const { default: pg } = await import('pg').catch(() => {
    throw new SetupError('The Postgres client is not installed: run npm ci first.');
  });
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    application_name: 'flow-db-reader',
  });
  try {
    await client.connect();
    await client.query('BEGIN');
    const owner = await readOwner(client);
    const isNew = await requireHarmless(client, role);
    for (const statement of statements({ role, owner, isNew, verifier: scramVerifier(password) })) {
      await client.query(statement);
    }
    await client.query('COMMIT');
    return `${isNew ? 'Created' : 'Brought up to date'}: the role ${role} reads the schema flow.`;
  } catch (error) {
    throw explain(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Who makes the partitions of the days to come. @param {import('pg').Client} client @returns {Promise<string>} quoted */
async function readOwner(client) {
  const { rows } = await client.query(
    `SELECT quote_ident(pg_get_userbyid(relowner)) AS owner FROM pg_class WHERE oid = to_regclass('flow.flows')`,
  );
  if (rows[0] === undefined) throw new SetupError('The database has no schema flow yet: run npm run migrate first.');
  return rows[0].owner;
}

/**
 * Refuses a role that is there for something else: its password would be changed.
 *
 * @param {import('pg').Client} client
 * @param {string} role
 * @returns {Promise<boolean>} whether the role is new
 */
async function requireHarmless(client, role) {
  const { rows } = await client.query(
    `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolname = current_user
  OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS has_more
FROM pg_roles AS r WHERE rolname = $1`,
    [role],
  );
  if (rows[0]?.has_more === true) {
    throw new SetupError(`FLOW_READER_ROLE: expected a role that only reads, got ${role}, which has other rights.`);
  }
  return rows[0] === undefined;
}

/** @param {{ role: string, owner: string, isNew: boolean, verifier: string }} options */
function statements({ role, owner, isNew, verifier }) {
  return [
    `${isNew ? 'CREATE' : 'ALTER'} ROLE "${role}" LOGIN PASSWORD '${verifier}' CONNECTION LIMIT ${MAX_CONNECTIONS}`,
    ...Object.entries(LIMITS).map(([name, value]) => `ALTER ROLE "${role}" SET ${name} = '${value}'`),
    `GRANT USAGE ON SCHEMA flow TO "${role}"`,
    // First those that come meanwhile, then those that are there.
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA flow GRANT SELECT ON TABLES TO "${role}"`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA flow TO "${role}"`,
  ];
}
