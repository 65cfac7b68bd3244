/** Of labels, in units of 8 px: all the same, so that the fields of several rows stand below each other. */
export const LABEL_WIDTH = 16;
/** Of what one types or chooses, in units of 8 px. */
export const INPUT_WIDTH = 24;
/** Of an id, and of what one chooses several in: as wide as two fields, with the label between them and two gaps of 4 px. */
export const WIDE_INPUT_WIDTH = INPUT_WIDTH + LABEL_WIDTH + INPUT_WIDTH + 1;
/** For a MultiCombobox, which takes a fixed width for pixels, and then hides all but one of what is chosen. */
export const WIDE_INPUT = { width: 'auto', minWidth: WIDE_INPUT_WIDTH, maxWidth: WIDE_INPUT_WIDTH } as const;
