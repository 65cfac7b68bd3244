/** Style of the header that lets what is inside ask for its width. */
export const HEADER_CONTAINER = { containerName: 'flow-header', containerType: 'inline-size' } as const;

/** Holds where the header has one row for all of its buttons, and not for what each of them says. */
export const NARROW_HEADER = '@container flow-header (max-width: 759px)';
