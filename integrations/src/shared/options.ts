/** What every integration takes. */
export interface ContentOptions {
  /**
   * Records prompts, answers, and the arguments and results of tools. They pass `redact` of `flowTracking()` as all
   * attributes do.
   *
   * @default false
   */
  content?: boolean | undefined;
}
