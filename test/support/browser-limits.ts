/**
 * How long a browser test may take, ms: a guard against one that hangs, the same for all. What is promised of time is
 * asserted where it is promised.
 */
jest.setTimeout(240_000);
