// The suite of ingest.integration.test.ts, in full.
import '../support/in-full';
import './ingest.integration.test';
