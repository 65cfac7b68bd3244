// The suite of package.integration.test.ts, in full.
import '../../test/support/in-full';
import './package.integration.test';
