// The suite of live-span.integration.test.ts, on a machine that does nothing else: how soon a span is seen counts.
import '../support/in-full';
import './live-span.integration.test';
