import { ok, warn, type Finding } from './check';

const MIN_POSTGRES = 14;

/** @param version as `server_version` has it */
export function judgePostgresVersion(version: string): Finding {
  if (Number.parseInt(version, 10) >= MIN_POSTGRES) return ok(`Postgres ${version}`);
  return warn(
    `Postgres is older than ${MIN_POSTGRES} (${version}): it is not tested with that`,
    `Run Postgres ${MIN_POSTGRES} or newer`,
  );
}
